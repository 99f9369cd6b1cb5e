package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"multiexit/tree"
	"multiexit/tree/spec"
	"multiexit/tree/supervise"
)

// fault is one --fault: what shall go wrong in the handlers that a glob matches,
// of the processes that a pattern means.
type fault struct {
	arg     string // as it was written
	pattern string
	order   order
}

// order is a word of the observer's side of the protocol of exitreg.
type order struct {
	Do      string        `json:"do"`
	Handler string        `json:"handler,omitzero"`
	Fault   string        `json:"fault,omitzero"`
	NS      time.Duration `json:"ns,omitzero"`
	Code    int           `json:"code,omitzero"`
}

func (o order) line() string {
	text, err := json.Marshal(o)
	if err != nil {
		panic(err) // of strings and numbers
	}
	return string(text)
}

// faults is the repeatable flag --fault.
type faults []fault

func (f *faults) String() string { return "" }
func (f *faults) Type() string   { return "PROC/HANDLER=KIND[:ARG]" }

func (f *faults) Set(arg string) error {
	one, err := parseFault(arg)
	if err == nil && one.order.Fault == "none" {
		err = &badValue{"there is no fault to take back yet", "none is for multiexit ctl fault"}
	}
	if err != nil {
		return err
	}
	*f = append(*f, one)
	return nil
}

const faultForm = "write PROC/HANDLER=KIND[:ARG], as in 'db-writer/flush-wal=hang' or 'worker-*/*=delay:2s'"

var faultKinds = []string{"hang", "delay", "fail", "panic", "skip", "exit", "none"}

// parseFault reads PROC/HANDLER=KIND[:ARG]. The name of a command may hold a
// slash, one of a handler hardly does: the last one counts.
func parseFault(arg string) (f fault, err error) {
	f = fault{arg: arg, order: order{Do: "fault"}}
	eq := strings.LastIndexByte(arg, '=')
	if eq < 0 {
		return f, &badValue{"no fault", faultForm}
	}
	slash := strings.LastIndexByte(arg[:eq], '/')
	switch {
	case slash < 0:
		return f, &badValue{"no handler", faultForm}
	case slash == 0:
		return f, &badValue{"no process", faultForm}
	case slash == eq-1:
		return f, &badValue{"no handler", faultForm}
	}
	f.pattern, f.order.Handler = arg[:slash], arg[slash+1:eq]
	if err := checkPattern(f.pattern); err != nil {
		return f, &badValue{"not a pid", "write pid:1234/" + f.order.Handler}
	}
	return f, f.order.parse(arg[eq+1:])
}

// parse reads KIND[:ARG].
func (o *order) parse(text string) (err error) {
	kind, arg, has := strings.Cut(text, ":")
	o.Fault = kind
	switch kind {
	case "delay":
		if !has {
			return &badValue{"how long?", "write delay:2s"}
		}
		o.NS, err = parseDuration(arg)
		return err
	case "exit":
		if o.Code, err = strconv.Atoi(arg); err != nil || o.Code < 0 || o.Code > 255 {
			return &badValue{"not an exit status", "write exit:3; 0 to 255"}
		}
		return nil
	case "hang", "fail", "panic", "skip", "none":
		if has {
			return &badValue{kind + " has nothing behind it", "delay:2s and exit:3 have"}
		}
		return nil
	}
	return &badValue{"no such fault", spec.DidYouMean(kind, faultKinds)}
}

// pace is a duration that a process takes as one.
type pace time.Duration

func (p *pace) String() string { return (*duration)(p).String() }
func (p *pace) Type() string   { return "DURATION" }

const maxPace = 10 * time.Second // exitreg cuts a longer one

func (p *pace) Set(s string) error {
	d, err := parseDuration(s)
	if err == nil && d > maxPace {
		err = &badValue{"too slow", fmt.Sprintf("up to %v", maxPace)}
	}
	*p = pace(d)
	return err
}

// orders are what the flags say that the processes shall do.
func (o *options) orders() (list []supervise.Order) {
	for _, f := range o.faults {
		list = append(list, supervise.Order{Pattern: f.pattern, Line: f.order.line()})
	}
	if o.pace > 0 {
		list = append(list, supervise.Order{Pattern: "*", Line: order{Do: "pace", NS: time.Duration(o.pace)}.line()})
	}
	if o.hold {
		list = append(list, supervise.Order{Pattern: "*", Line: order{Do: "hold"}.line()})
	}
	return list
}

// missed is what is wrong with a fault that no handler of t was meant by, or only
// such as began before their process knew of it; nil if it got where it should,
// whether or not that had its turn.
func (f *fault) missed(t *tree.Tree) error {
	var there []string
	found, late := false, ""
	for _, n := range t.Nodes {
		command := ""
		if n.Command != nil {
			command = n.Command.Name
		}
		if !tree.Meant(f.pattern, n.ID, n.Name, command, n.PID) {
			continue
		}
		found = true
		for _, h := range n.Handlers {
			there = append(there, h.Name)
			if h.Name != f.order.Handler && !tree.Glob(f.order.Handler, h.Name) {
				continue
			}
			if !h.Began || h.Fault != "" {
				return nil
			}
			late = h.Name
		}
	}
	if !found {
		_, err := t.Select(f.pattern)
		return err
	}
	if late != "" {
		return fmt.Errorf("%s began before its process could be told (it lived too short)", late)
	}
	return noHandler(f.order.Handler, there)
}

// noHandler is the error of a handler that is none of those there are.
func noHandler(name string, there []string) error {
	if len(there) == 0 {
		return fmt.Errorf("no handler %q (none has registered there: only programs that import exitreg have handlers)", name)
	}
	return fmt.Errorf("no handler %q (%s)", name, spec.DidYouMean(name, unique(there)))
}

func unique(names []string) (list []string) {
	seen := map[string]bool{}
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			list = append(list, name)
		}
	}
	return list
}
