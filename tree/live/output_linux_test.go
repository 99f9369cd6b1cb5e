package live

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

func outputs(events []tree.Event, stream string) (lines []string) {
	for _, e := range events {
		if e.Kind == exitreg.KindOut && e.Stream == stream {
			lines = append(lines, e.Text)
		}
	}
	return lines
}

func TestOutput(t *testing.T) {
	w := sh(t, `echo one; echo two >&2; printf 'a\033[31mb\r\n\n'; printf '\377\n'; printf 'no newline'`)
	events, _ := w.finish()
	if got, want := outputs(events, "stdout"), []string{"one", "a\x1b[31mb", "", "\uFFFD", "no newline"}; !slices.Equal(got, want) {
		t.Errorf("stdout %q, want %q", got, want)
	}
	if got := outputs(events, "stderr"); !slices.Equal(got, []string{"two"}) {
		t.Errorf("stderr %q", got)
	}
	for _, e := range events {
		if e.Kind == exitreg.KindOut && (e.Node != "0" || e.PID == 0) {
			t.Errorf("%+v", e)
		}
	}
}

// TestLastWords: however much is written just before the exit, all of it comes,
// and before the exit event.
func TestLastWords(t *testing.T) {
	w := sh(t, `trap 'seq 90000; echo bye; exit 3' TERM; echo ready; while :; do sleep 0.02; done`)
	w.said("ready")
	w.term("0", tree.Caught)
	w.Signal("0", "TERM", "")
	events, v := w.finish()
	if v.Code != 3 {
		t.Errorf("%+v", v)
	}
	lines := outputs(events, "stdout")
	if len(lines) != 90_002 || lines[len(lines)-1] != "bye" || lines[50_000] != "50000" {
		t.Errorf("%d lines, the last of them %q", len(lines), lines[len(lines)-1])
	}
	exit := slices.IndexFunc(events, func(e tree.Event) bool { return e.Kind == exitreg.KindExit && e.Node == "0" })
	bye := slices.IndexFunc(events, func(e tree.Event) bool { return e.Text == "bye" })
	if exit < bye {
		t.Error("the exit came before the last words")
	}
}

// TestGrandchildHoldsThePipe: neither the exit of the command nor its last words
// wait for a child that lives on with its standard output.
func TestGrandchildHoldsThePipe(t *testing.T) {
	w := sh(t, `(while :; do sleep 1000; done) & printf 'last words'; exit 5`)
	if e := w.kind("0", exitreg.KindExit); e.Code == nil || *e.Code != 5 {
		t.Errorf("%+v", e)
	}
	w.said("last words")
	w.Stop()
	w.finish()
}

// TestStrangerHoldsThePipe: somebody who is not of the tree and never lets go.
func TestStrangerHoldsThePipe(t *testing.T) {
	g := newGate(t)
	w := sh(t, `echo there; read x <"$1"; echo end`, g.path)
	pid := w.said("there").PID
	stranger, err := os.OpenFile(fmt.Sprintf("/proc/%d/fd/1", pid), os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer stranger.Close()
	g.open()
	done := make(chan struct{})
	go func() { w.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(deadline):
		t.Fatal("the session waits for a stranger")
	}
	w.said("end")
}

func TestLongLines(t *testing.T) {
	w := sh(t, `head -c 3000000 /dev/zero | tr '\0' x; echo; echo after; head -c 100000 /dev/zero | tr '\0' y`)
	events, _ := w.finish()
	lines := outputs(events, "stdout")
	if len(lines) != 3 || lines[1] != "after" {
		t.Fatalf("%d lines", len(lines))
	}
	for _, i := range []int{0, 2} {
		if n := len(lines[i]); n < maxLine || n > maxLine+32 || !strings.HasSuffix(lines[i], "(line cut)") {
			t.Errorf("line %d has %d bytes", i, n)
		}
	}
}

// TestFloodWithoutReader: a reader that does not read costs a bounded amount of
// memory; what is dropped is counted, and nothing but output is.
func TestFloodWithoutReader(t *testing.T) {
	s, err := Start(Options{Argv: []string{"bash", "-c", "seq 300000; sleep 0.3 & wait; exit 9"}})
	if err != nil {
		t.Fatal(err)
	}
	v := s.Wait() // nobody has read anything yet
	if v.Code != 9 {
		t.Errorf("%+v", v)
	}
	var events []tree.Event
	for batch := range s.Events() {
		events = append(events, batch...)
	}
	lawful(t, events)
	lines := len(outputs(events, "stdout"))
	if lines > 3*maxOutLines || lines < maxOutLines/2 {
		t.Errorf("%d lines kept", lines)
	}
	if got := outputs(events, "stdout"); got[len(got)-1] != "300000" {
		t.Errorf("the last words are %q", got[len(got)-1])
	}
	dropped := 0
	for _, e := range events {
		if e.Kind == exitreg.KindNote {
			n := 0
			fmt.Sscanf(e.Text, "%d lines of stdout dropped", &n)
			dropped += n
		}
	}
	if lines+dropped != 300_000 {
		t.Errorf("%d lines and %d told to be dropped make %d", lines, dropped, lines+dropped)
	}
}
