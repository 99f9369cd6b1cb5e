package live

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"multiexit/exitreg"
	"multiexit/tree"
)

// piped runs a script whose standard input is a pipe.
func piped(t *testing.T, script string, args ...string) *observed {
	t.Helper()
	need(t, "bash")
	return single(t, Command{Argv: append([]string{"bash", "-c", script, "bash"}, args...), Stdin: true})
}

func TestStdin(t *testing.T) {
	w := piped(t, `read a; echo "<$a>"; (read b; echo "<<$b>>"; sleep 1000 & cat; kill $!); echo end`)
	w.types("one\n")
	w.said("<one>")
	w.types("two\n")
	w.said("<<two>>")
	if err := w.Input(w.named("sleep").ID, []byte("three\n")); err != nil { // below the command, it is the same pipe
		t.Fatal(err)
	}
	w.said("three")
	for range 2 {
		if err := w.CloseInput("0"); err != nil {
			t.Fatal(err)
		}
	}
	w.said("end")
	if err := w.Input("0", []byte("x")); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Error(err)
	}
	w.finish()
}

// TestStdinFull: what a program does not read is kept, up to a limit, and comes
// when it reads, before the end.
func TestStdinFull(t *testing.T) {
	g := newGate(t)
	w := piped(t, `read x <"$1"; wc -c`, g.path)
	block := make([]byte, 100_000)
	sent := 0
	var err error
	for range 100 {
		if err = w.Input("0", block); err != nil {
			break
		}
		sent += len(block)
	}
	if !errors.Is(err, errFull) || sent < maxInput-len(block) {
		t.Fatalf("%v after %d bytes", err, sent)
	}
	if err := w.CloseInput("0"); err != nil {
		t.Fatal(err)
	}
	g.open()
	w.event("the count", func(e *tree.Event) bool {
		return e.Kind == exitreg.KindOut && strings.TrimSpace(e.Text) == strconv.Itoa(sent)
	})
	w.finish()
}

// TestInputOfNobody: commands without it, and those that have closed it.
func TestInputOfNobody(t *testing.T) {
	g := newGate(t)
	w := sh(t, `read x <"$1"`, g.path)
	if err := w.Input("0", []byte("x")); err == nil || !strings.Contains(err.Error(), "neither") {
		t.Error(err)
	}
	if err := w.Resize("0", 80, 24); err == nil || !strings.Contains(err.Error(), "no terminal") {
		t.Error(err)
	}
	if err := w.Input("9", []byte("x")); err == nil || !strings.Contains(err.Error(), "no such node") {
		t.Error(err)
	}
	g.open()
	w.finish()

	g = newGate(t)
	w = piped(t, `exec <&-; echo shut; read x <"$1"`, g.path)
	w.said("shut")
	w.Input("0", []byte("x"))
	if err := w.Input("0", []byte("x")); err == nil || !strings.Contains(err.Error(), "nobody reads") {
		t.Error(err)
	}
	if err := w.CloseInput("0"); err == nil {
		t.Error("it is closed")
	}
	g.open()
	w.finish()
}

// TestTerminalInputFull: a terminal that nobody reads takes so much and no more.
func TestTerminalInputFull(t *testing.T) {
	g := newGate(t)
	w := onTerminal(t, `stty raw -echo; echo ready; read x <"$1"; head -c 300000 | wc -c`, g.path)
	w.shows("ready")
	block := make([]byte, 50_000)
	var err error
	for range 100 {
		if err = w.Input("0", block); err != nil {
			break
		}
	}
	if !errors.Is(err, errFull) {
		t.Fatal(err)
	}
	g.open()
	w.shows("300000")
	w.finish()
}
