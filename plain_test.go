package main

import (
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"

	"multiexit/exitreg"
	"multiexit/tree"
)

func lines(l look, events []tree.Event) string {
	var b strings.Builder
	state := new(tree.Tree)
	p := newPlain(&b, state, l)
	for i := range events {
		state.Apply(&events[i])
		p.Write(events[i : i+1])
	}
	return b.String()
}

func status(n int) *int { return &n }

var sample = []tree.Event{
	{Kind: exitreg.KindSpawn, Node: "0", PID: 7, Name: "main", Argv: []string{"main", "-v"}},
	{T: 2 * time.Millisecond, Kind: exitreg.KindHello, Node: "0", Name: "main"},
	{T: 2 * time.Millisecond, Kind: exitreg.KindRegister, Node: "0", ID: "h1", Handler: "lease", Shared: true, Src: "main.go:7"},
	{T: 3 * time.Millisecond, Kind: exitreg.KindSpawn, Node: "0.0", PID: 8, Name: "evil\x1b[2J\u202e", Argv: []string{"sh"}},
	{T: 4 * time.Millisecond, Kind: exitreg.KindDisposition, Node: "0.0", Sig: "SIGTERM", Text: "ignored"},
	{T: 5 * time.Millisecond, Kind: exitreg.KindRegister, Node: "0.0", ID: "h1", Handler: "lease", Shared: true, From: "0"},
	{T: 6 * time.Millisecond, Kind: exitreg.KindOut, Node: "0", Text: "ready\x1b]0;title\x07", Stream: "stdout"},
	{T: time.Second, Kind: exitreg.KindSignal, Node: "0", Sig: "SIGTERM", Sender: "multiexit"},
	{T: time.Second, Kind: exitreg.KindBegin, Node: "0", ID: "h1"},
	{T: 1500 * time.Millisecond, Kind: exitreg.KindEnd, Node: "0", ID: "h1", Elapsed: 500 * time.Millisecond, Err: "no lease"},
	{T: 1500 * time.Millisecond, Kind: exitreg.KindLeave, Node: "0", Code: status(1)},
	{T: 1600 * time.Millisecond, Kind: exitreg.KindExit, Node: "0", Code: status(1)},
	{T: 1700 * time.Millisecond, Kind: "novelty", Node: "0", Text: "of a later version"},
	{T: 100 * time.Second, Kind: exitreg.KindNote, Text: "one remark"},
	{T: 100 * time.Second, Kind: exitreg.KindEOF},
}

func TestPlain(t *testing.T) {
	want := `
   0.000s  ● main 0    pid 7 spawned main -v
   0.002s  + main 0    shared lease (main.go:7)
   0.003s  ● evil�[2J� 0.0  pid 8 spawned sh
   0.004s  ⊘ evil�[2J� 0.0  SIGTERM is ignored
   0.005s  + evil�[2J� 0.0  inherited lease from main 0
   0.006s  │ main 0         ready
   1.000s  ↯ main 0         sent SIGTERM by multiexit
   1.000s  ▸ main 0         runs lease
   1.500s  ✗ main 0         lease failed after 500ms: no lease
   1.600s  ✗ main 0         exit 1: 1 handler failed
   1.700s  · main 0         novelty of a later version
 100.000s  ·                one remark
`
	if got := lines(look{}, sample); got != want[1:] {
		t.Errorf("got\n%s\nwant%s", got, want)
	}
	for _, r := range lines(look{ascii: true}, sample) {
		if r > '~' {
			t.Errorf("%q is not ASCII", r)
		}
	}
}

// TestPlainColour: colours are the profile's, and without them the text is the
// same.
func TestPlainColour(t *testing.T) {
	for profile, want := range map[termenv.Profile]string{
		termenv.TrueColor: "\x1b[38;2;255;107;129m", termenv.ANSI256: "\x1b[38;5;204m", termenv.ANSI: "\x1b[91m", termenv.Ascii: "",
	} {
		got := lines(newLook(&options{}, profile, true), sample)
		if !strings.Contains(got, want) || want == "" && strings.Contains(got, "\x1b") {
			t.Errorf("%v: %q", profile, got)
		}
	}
}
