package ui

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// dialog is the question that is open, or none. What it is about is pinned by
// node ids when it opens: neither a move of the cursor nor a birth or an exit
// can slip another process under the answer.
type dialog struct {
	kind    dialogKind
	targets []string // node ids; empty for quit, help and about
	subtree bool     // dialogTerm: the targets and all below them
	input   string   // dialogMenu: what was typed to find a signal
	items   []string // dialogMenu: the signals that match it
	choice  int      // dialogMenu: index in items; dialogBreak: in what is set, or -1; else index in buttons()
	scroll  int      // first line shown of a list that is too long

	breaks  []tree.Order // dialogBreak: the list as it was when it was opened
	handler string       // dialogBreak, dialogFault: the name of the one that was selected

	node  string   // dialogMenu: the one under the cursor; dialogNext: whose ladder; dialogDetails
	marks []string // dialogMenu: the marked ones
	reach int      // dialogMenu: index in scopes; dialogBreak: a stopAt; dialogFault: a faultReach
	verb  verb     // dialogVerb
	goals []goal   // dialogVerb: what it is applied to

	entries, found []entry // dialogPalette: all there is, and what matches
	runs           bool    // dialogPalette: what there is are runs to compare with
}

type dialogKind uint8

const (
	dialogNone    dialogKind = iota
	dialogTerm               // SIGTERM: what it would run, in order
	dialogMenu               // any signal, from a list
	dialogKill               // SIGKILL: what would never run
	dialogQuit               // something still lives
	dialogHelp               // the keys
	dialogAbout              // what the scenario shows
	dialogNext               // SIGKILL is the next rung
	dialogVerb               // what will be done with commands
	dialogAdd                // a line to type
	dialogPalette            // everything by name
	dialogDetails            // all that is known of a process
	dialogBreak              // breakpoints
	dialogFault              // what shall go wrong
	dialogPace               // how long to rest before each handler
)

// button is one answer of a dialog. Its key only moves the choice (esc closes);
// nothing but Enter or a click answers.
type button struct {
	key   string // "T", "y", "⏎"
	label string // "send", "cancel"
	do    func(m *Model) tea.Cmd
}

// The choices of a SIGTERM dialog that its key map and its opening know.
const (
	termOne  = 0
	termTree = 1
)

// buttons are the answers of the open dialog; dialog.choice is the one that
// Enter gives. A menu has none: its items are the answers.
func (m *Model) buttons() []button {
	cancel := button{"esc", "cancel", (*Model).shut}
	switch m.dialog.kind {
	case dialogTerm:
		return []button{
			{"⏎", "send", func(m *Model) tea.Cmd { return m.send("SIGTERM", "process") }},
			{"T", m.wholeTree(), func(m *Model) tea.Cmd { return m.send("SIGTERM", "subtree") }},
			cancel,
		}
	case dialogKill:
		return []button{cancel, {"y", "kill", func(m *Model) tea.Cmd { return m.send("SIGKILL", "process") }}}
	case dialogNext:
		return []button{{"⏎", "SIGKILL now", func(m *Model) tea.Cmd { return m.next(m.dialog.node) }}, cancel}
	case dialogVerb:
		return []button{{"⏎", string(m.dialog.verb), func(m *Model) tea.Cmd { return m.do(m.dialog.verb, m.dialog.goals) }}, cancel}
	case dialogQuit:
		kill := button{"K", "kill now", (*Model).killAll}
		if m.ending {
			return []button{{"esc", "wait", (*Model).shut}, kill}
		}
		return []button{{"⏎", m.stopsAll(), (*Model).stopAll}, kill, cancel}
	}
	return nil
}

// wholeTree is the label that says how many a signal to the subtrees reaches.
func (m *Model) wholeTree() string {
	procs := 0
	for _, n := range m.targets() {
		if !under(n, m.dialog.targets) {
			procs += alive(n)
		}
	}
	if procs == 1 {
		return "whole tree · 1 proc"
	}
	return fmt.Sprintf("whole tree · %d procs", procs)
}

// alive counts the processes of a subtree that live.
func alive(n *tree.Node) int {
	c := 0
	if n.Alive() {
		c = 1
	}
	for _, k := range n.Kids {
		c += alive(k)
	}
	return c
}

// targets are the processes the open dialog is about, as they are now, which may
// be: gone.
func (m *Model) targets() []*tree.Node {
	var ns []*tree.Node
	for _, id := range m.dialog.targets {
		if n := m.truth().Node(id); n != nil {
			ns = append(ns, n)
		}
	}
	return ns
}

// expired says that all the dialog was about has exited while it was open. Its
// answers do nothing then.
func (m *Model) expired() bool {
	if len(m.dialog.targets) == 0 {
		return false
	}
	for _, n := range m.targets() {
		if reachable(n, m.dialog.subtree) {
			return false
		}
	}
	return true
}

func (m *Model) open(kind dialogKind) tea.Cmd {
	m.dialog = dialog{kind: kind}
	return nil
}

// shut closes the dialog; nothing was answered.
func (m *Model) shut() tea.Cmd {
	m.dialog = dialog{}
	return nil
}
