package ui

import (
	"errors"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// A target that exits while it is being asked about is not signalled, and
// nothing else is in its place.
func TestTargetExits(t *testing.T) {
	for _, ask := range []string{"t", "s", "K y"} {
		w := watching(t, shop())
		w.press("j", "j")
		w.press(keys(ask)...)
		w.feed(fall()...)
		if !w.expired() {
			t.Errorf("%s: the dialog does not say that worker-1 has exited", ask)
		}
		w.View()
		w.press("enter", "enter")
		if got := w.spy.String(); got != "" {
			t.Errorf("%s: the driver was asked for %q", ask, got)
		}
	}
}

// A dead parent is still a way to those it left behind.
func TestSubtreeOfTheDead(t *testing.T) {
	w := watching(t, shop())
	w.press("j")
	w.feed(on(100, "exit", "0.0", ""))
	w.press("t", "enter")
	if got := w.spy.String(); got != "" {
		t.Errorf("t: the driver was asked for %q", got)
	}
	w.press("T", "left", "enter", "right", "enter")
	if got := w.spy.String(); got != "0.0 SIGTERM subtree" {
		t.Errorf("T: the driver was asked for %q", got)
	}
}

// One of several targets exits: the others are still meant.
func TestOneOfTargetsExits(t *testing.T) {
	w := watching(t, shop())
	w.press("j", "j", "space", "space", "t")
	w.feed(fall()...)
	w.press("enter")
	if got := w.spy.String(); got != "0.0.1 SIGTERM process" {
		t.Errorf("the driver was asked for %q", got)
	}
}

// Signals go to what is, not to what the picture shows.
func TestSignalWhilePaused(t *testing.T) {
	w := watching(t, shop())
	w.press("j", "j", "Z")
	w.feed(fall()...)
	w.press("t")
	if w.dialog.kind != dialogNone || !strings.Contains(w.notice, "worker-1 has exited") {
		t.Errorf("dialog %d, notice %q", w.dialog.kind, w.notice)
	}
	w.press("u", "t", "enter")
	if got := w.spy.String(); got != "0.0 SIGTERM process" {
		t.Errorf("the driver was asked for %q", got)
	}
}

func TestSignalErrorIsANotice(t *testing.T) {
	w := watching(t, shop())
	w.spy.err = errors.New("multiexit: signal: no such\nprocess")
	w.press("t", "enter")
	if w.notice != "multiexit: signal: no such process" {
		t.Errorf("notice %q", w.notice)
	}
	w.press("j")
	if w.notice != "" {
		t.Errorf("the next key leaves %q", w.notice)
	}
	w.send(NoticeMsg("hello"))
	if !strings.Contains(w.View(), "hello") {
		t.Error("a notice is not on the screen")
	}
}

// In a window that has no room for a question nobody can answer one.
func TestUnseenQuestion(t *testing.T) {
	for _, ask := range []string{"t", "T", "s", "K y"} {
		w := watching(t, shop())
		w.send(tea.WindowSizeMsg{Width: 20, Height: 5})
		w.press(keys(ask)...)
		w.press("enter")
		if got := w.spy.String(); got != "" {
			t.Errorf("%s: the driver was asked for %q", ask, got)
		}
		w.send(tea.WindowSizeMsg{Width: 120, Height: 36})
		w.press("enter")
		if got := w.spy.String(); got == "" {
			t.Errorf("%s: nothing happens in a larger window either", ask)
		}
	}
}
