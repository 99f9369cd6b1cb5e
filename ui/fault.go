package ui

import (
	"slices"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// fault is one kind of fault, as the dialog offers it.
type fault struct {
	name, does string
	arg        string // what stands behind it at first; empty: nothing can
}

var handlerFaults = []fault{
	{"hang", "never ends by itself, deaf to its context", ""},
	{"delay", "begins late", "2s"},
	{"fail", "an error; its own work is left undone", ""},
	{"panic", "a panic; its own work is left undone", ""},
	{"skip", "has no turn", ""},
	{"exit", "os.Exit: nothing runs any more", "3"},
	{"kill", "SIGKILL, that long after its begin", "0s"},
	{"stop", "SIGSTOP while it runs", ""},
}

var processFaults = []fault{
	{"stop", "SIGSTOP, now", ""}, // of any process; the others take exitreg
	{"kill", "SIGKILL in the middle of its next handler", ""},
	{"ignore", "makes nothing of SIGTERM", ""},
}

// faultReach is where a fault is put.
type faultReach uint8

const (
	inThis    faultReach = iota // the selected handler
	inAll                       // all handlers of the process
	inEvery                     // the handlers of this name, in every process
	inProcess                   // the process itself
)

// reaches are where a fault can be put: without handlers only into the process.
func (m *Model) reaches() []faultReach {
	if m.dialog.handler == "" {
		return []faultReach{inProcess}
	}
	return []faultReach{inThis, inAll, inEvery, inProcess}
}

func (m *Model) faultTo(step int) {
	all := m.reaches()
	i := slices.Index(all, faultReach(m.dialog.reach))
	m.dialog.reach = int(all[(i+step+len(all))%len(all)])
	m.chooseFault(0)
}

// faultKinds are the faults that can be put there.
func (m *Model) faultKinds() []fault {
	switch {
	case faultReach(m.dialog.reach) != inProcess:
		return handlerFaults
	case !slices.ContainsFunc(m.targets(), func(n *tree.Node) bool { return n.Reports }):
		return processFaults[:1]
	}
	return processFaults
}

// chooseFault chooses a line of the dialog: a kind, or below these a fault that
// stands.
func (m *Model) chooseFault(i int) {
	d, kinds := &m.dialog, m.faultKinds()
	d.choice = max(0, min(i, len(kinds)+len(m.faults())-1))
	d.input = ""
	if d.choice < len(kinds) {
		d.input = kinds[d.choice].arg
	}
}

// faults are those that stand.
func (m *Model) faults() (list []tree.Order) {
	for _, o := range m.truth().Orders {
		if o.Fault() {
			list = append(list, o)
		}
	}
	return list
}

// faultWord is the chosen fault, and what is wrong with it; for whom see
// faultPatterns.
func (m *Model) faultWord() (w word, why string) {
	d, kinds := &m.dialog, m.faultKinds()
	if d.choice >= len(kinds) {
		return word{}, ""
	}
	f := kinds[d.choice]
	w = word{Do: "fault", Fault: f.name, Handler: strings.ReplaceAll(d.handler, "/", "?")}
	switch faultReach(d.reach) {
	case inAll:
		w.Handler = everybody
	case inProcess:
		w.Handler = ""
		switch f.name {
		case "kill":
			w.Handler = everybody
		case "ignore":
			w.Sig = "SIGTERM"
		}
	}
	switch text := strings.TrimSpace(d.input); f.name {
	case "delay", "kill":
		if text == "" && f.arg == "" {
			break // of a process: at once
		}
		w.NS, why = typedDuration(text)
	case "exit":
		code, err := strconv.Atoi(text)
		if w.Code = code; err != nil || code < 0 || code > 255 {
			why = "an exit status is a number from 0 to 255"
		}
	}
	return w, why
}

// typedDuration reads a duration; why is what is wrong with it.
func typedDuration(text string) (d time.Duration, why string) {
	d, err := time.ParseDuration(text)
	if seconds, e := strconv.ParseFloat(text, 64); e == nil {
		d, err = time.Duration(seconds*float64(time.Second)), nil
	}
	if err != nil || d < 0 {
		return 0, "a time is written 300ms, 2s or 1m30s"
	}
	return d, ""
}

// answerFault puts the chosen fault in.
func (m *Model) answerFault() tea.Cmd {
	w, why := m.faultWord()
	patterns := m.faultPatterns(w)
	if why == "" && len(patterns) == 0 {
		why = "none of these could take that"
	}
	if why != "" {
		m.notice = why
		return nil
	}
	m.notice = "injected: " + m.faultText(w)
	m.dialog = dialog{}
	return m.tellThem(w, patterns...)
}

// dropFault takes the chosen fault back.
func (m *Model) dropFault() tea.Cmd {
	d, list := &m.dialog, m.faults()
	i := d.choice - len(m.faultKinds())
	if i < 0 || i >= len(list) {
		return nil
	}
	m.notice = "taken back: " + m.orderText(list[i])
	switch { // never on to a kind: the same key again would put that one in
	case len(list) == 1:
		m.dialog = dialog{}
	case i == len(list)-1:
		d.choice--
	}
	return m.takeBack(list[i])
}

// faultKey is a key of the dialog that is no movement: a number, or d.
func (m *Model) faultKey(k string) tea.Cmd {
	d, kinds := &m.dialog, m.faultKinds()
	switch {
	case d.choice >= len(kinds):
		if k == "d" || k == "x" || k == "backspace" || k == "delete" {
			return m.dropFault()
		}
	case kinds[d.choice].arg == "":
	case k == "backspace", k == "ctrl+u", len(k) == 1 && strings.ContainsAny(k, "0123456789.hmsuµn"):
		if len(d.input) < 12 || len(k) > 1 {
			d.input = typed(d.input, k)
		}
	}
	return nil
}
