package spec

import (
	"slices"
	"strings"
)

// stop reads how a command is ended.
func (r *reader) stop(s *Stop, n *node) {
	var dump *node
	r.fields(n, "{signal: INT}",
		field{"signal", func(n *node) { s.Signal = r.signal(n) }},
		field{"grace", r.duration(&s.Grace)},
		field{"command", func(n *node) { s.Command = r.argv(n) }},
		field{"dump", func(n *node) { dump = n; r.duration(&s.Dump)(n) }},
	)
	if dump == nil || s.Dump == 0 {
		return
	}
	r.dumps = append(r.dumps, latest{dump, s.Dump, s.Grace})
}

func (r *reader) signal(n *node) string {
	name, ok := canonical(n.text)
	switch {
	case n.kind != text && n.kind != number || !ok:
		advice := "a name such as TERM, or a number"
		if name := Near(strings.TrimPrefix(strings.ToUpper(n.text), "SIG"), signalNames); name != "" && n.kind == text {
			advice = "did you mean " + name + "?"
		}
		r.refuse(n, "not a signal", advice)
	case harmless(name):
		r.refuse(n, "ends no process", "such as TERM, INT or QUIT")
	}
	return name
}

var policies = []string{string(Never), string(OnFailure), string(Always)}

// restart reads a policy, or a mapping with one and its delays.
func (r *reader) restart(to *Restart, n *node) {
	if n.kind != mapping {
		r.policy(to)(n)
		return
	}
	var most *node
	r.fields(n, "on-failure",
		field{"policy", r.policy(to)},
		field{"delay", r.duration(&to.Delay)},
		field{"max_delay", func(n *node) { most = n; r.duration(&to.Max)(n) }},
		field{"limit", r.count(&to.Limit)},
	)
	if n.get("policy") == nil {
		r.refuse(&node{text: "restart", line: n.line, col: n.col}, "no policy", "add policy: on-failure, or always")
	}
	if most != nil && to.Max > 0 && to.Max < to.Delay {
		r.refuse(most, "shorter than the delay of "+to.Delay.String(), "delays grow from delay to max_delay")
	}
}

func (r *reader) policy(to *Restart) func(*node) {
	return func(n *node) {
		if n.kind == text && slices.Contains(policies, n.text) {
			to.Policy = Policy(n.text)
			return
		}
		advice := DidYouMean(n.text, policies)
		switch n.text {
		case "false", "never":
			advice = "did you mean no?"
		case "true", "yes", "unless-stopped":
			advice = "did you mean always?"
		case "on_failure", "failure", "onfailure":
			advice = "did you mean on-failure?"
		}
		r.refuse(n, "not a policy", advice)
	}
}
