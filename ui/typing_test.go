package ui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// two is two commands, each with a terminal.
func two() []tree.Event {
	return []tree.Event{
		said(ms(1), "web", "starting", "0", ""), born(1, "0", "web"), said(ms(2), "db", "starting", "1", ""), born(2, "1", "db"),
		wrote(3, "0", "$ "), wrote(4, "1", "# "),
	}
}

// What is typed goes to the program that was attached, wherever the cursor goes.
func TestTypingIsPinned(t *testing.T) {
	w := watching(t, two())
	w.opts.Follow, w.company.follows = true, true
	w.press("o", "a", "x")
	w.send(FollowMsg{Node: "1"})
	if w.cursor != "1" {
		t.Fatalf("the cursor is at %s", w.cursor)
	}
	w.terminals["0"].sending = false
	w.press("y")
	w.settle()
	if got := w.spy.String(); strings.Contains(got, "input 1") || !strings.Contains(got, `input 0 "y"`) {
		t.Errorf("typed into another program: %s", got)
	}
	w.feed(on(50, "exit", "0", ""))
	if w.desk.attached || !strings.Contains(w.notice, "web has ended") {
		t.Errorf("attached %v, notice %q", w.desk.attached, w.notice)
	}
}

// A ctrl+c that comes too late for the program stops nothing; the next one does.
func TestLateInterrupt(t *testing.T) {
	w := watching(t, two())
	w.press("o", "a")
	w.feed(on(50, "exit", "0", ""))
	w.press("ctrl+c")
	if got := w.spy.String(); strings.Contains(got, "stop") || w.notice == "" {
		t.Fatalf("calls %q, notice %q", got, w.notice)
	}
	w.press("ctrl+c")
	if got := w.spy.String(); !strings.Contains(got, "stop") {
		t.Errorf("calls %q", got)
	}
}

func TestNoRoomForTheTerminal(t *testing.T) {
	w := watching(t, two())
	w.press("o", "a")
	for _, size := range [][2]int{{40, 10}, {20, 5}, {120, 36}} {
		w.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		w.View()
	}
	if w.desk.attached {
		t.Error("keys go to a terminal that was gone from the screen")
	}
}

func TestClickBesideTheTerminal(t *testing.T) {
	w := watching(t, two())
	w.press("o", "a")
	w.run(w.onMouse(tea.MouseMsg{X: 3, Y: 4, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress}))
	if w.desk.attached {
		t.Error("a click in the tree leaves the keyboard to the program")
	}
}
