package supervise

import (
	"regexp"
	"strings"
	"sync"

	"multiexit/exitreg"
	"multiexit/tree"
)

// tap sees every event while the session is locked. It lets through only what
// changes the state of a command: nothing of a flood of output or of births.
func (s *Supervisor) tap(e *tree.Event) {
	switch e.Kind {
	case exitreg.KindHold, exitreg.KindRelease, exitreg.KindExec, exitreg.KindExit:
		if s.holds.see(e) {
			node, held := root(e.Node), s.holds.below[root(e.Node)] > 0
			s.inbox.put(func() { s.holdsBelow(node, held) })
		}
	}
	switch e.Kind {
	case exitreg.KindOut, exitreg.KindRegister:
		s.watched.see(e)
	case exitreg.KindExit:
		if node := e.Node; isRoot(node) {
			s.inbox.put(func() { s.exited(node) })
		}
	case exitreg.KindRung:
		if node, text, sig, next := e.Node, e.Text, e.Sig, e.Timeout; isRoot(node) {
			s.inbox.put(func() { s.rung(node, text, sig, next) })
		}
	case exitreg.KindSignal:
		if node, sig := e.Node, e.Sig; e.Sender == "multiexit" && tree.Ends(sig) && isRoot(node) {
			s.inbox.put(func() { s.signalled(node, sig) })
		}
	}
	if next := s.options.Config.Tap; next != nil {
		next(e)
	}
}

func isRoot(node string) bool { return node != "" && !strings.Contains(node, ".") }

// root is the root that a node descends from.
func root(node string) string {
	top, _, _ := strings.Cut(node, ".")
	return top
}

// watched are the runs that an event may make ready.
type watched struct {
	mu   sync.Mutex
	runs map[string]*sign // by root
}

// sign is what such a run is looked at for.
type sign struct {
	line    *regexp.Regexp // matches a line of output
	handler *regexp.Regexp // matches the name of a handler
	seen    func()
	part    map[string]string // by node: the line that a terminal has not ended yet
}

func (w *watched) add(node string, one *sign) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.runs == nil {
		w.runs = map[string]*sign{}
	}
	w.runs[node] = one
}

func (w *watched) forget(node string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.runs, node)
}

// see looks at an event. A sign is seen once.
func (w *watched) see(e *tree.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.runs) == 0 {
		return
	}
	node := root(e.Node)
	one := w.runs[node]
	if one == nil {
		return
	}
	found := false
	if e.Kind == exitreg.KindRegister {
		found = one.handler != nil && one.handler.MatchString(e.Handler)
	} else if one.line != nil {
		found = one.output(e)
	}
	if found {
		delete(w.runs, node)
		one.seen()
	}
}

// output looks at what a command has written: a line, or of a terminal what
// there was to read.
func (one *sign) output(e *tree.Event) bool {
	if e.Stream != "pty" {
		return one.matches(e.Text)
	}
	text := one.part[e.Node] + e.Text
	for line := range strings.SplitAfterSeq(text, "\n") {
		if one.matches(strings.TrimRight(line, "\r\n")) {
			return true
		}
		text = line
	}
	const longest = 4 << 10 // of the end of a line that is kept
	if strings.HasSuffix(text, "\n") {
		text = ""
	}
	if one.part == nil {
		one.part = map[string]string{}
	}
	one.part[e.Node] = text[max(0, len(text)-longest):]
	return false
}

// matches compares a line without its colours.
func (one *sign) matches(line string) bool {
	if strings.IndexByte(line, '\x1b') >= 0 {
		line = escapes.ReplaceAllString(line, "")
	}
	return one.line.MatchString(line)
}

// escapes are the control sequences of ECMA-48: CSI, OSC, and those of two bytes.
var escapes = regexp.MustCompile(`\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-Z\\^-~])`)
