package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"multiexit/exitreg"
	"multiexit/tree"
)

const foreignProgram = `package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"

	"multiexit/exitreg"
)

var lease = exitreg.Define("release-lease", func(context.Context) error { return nil })

func main() {
	if err := exitreg.Install(); err != nil {
		panic(err)
	}
	name := "child"
	if len(os.Args) == 1 {
		name = "parent"
		exitreg.Share(lease)
		child := exec.Command(os.Args[0], "child")
		child.Stdout = os.Stdout
		if err := child.Start(); err != nil {
			panic(err)
		}
		go child.Wait()
	}
	exitreg.Register("flush-"+name, func(context.Context) error { return nil })
	fmt.Println(name, "CI:", os.Getenv("CI"))
	select {}
}
`

// TestForeignProgram watches a program of another module that imports exitreg:
// its handlers are there with no further set-up.
func TestForeignProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":  "module foreign\n\ngo 1.26\n\nrequire multiexit v0.0.0\n\nreplace multiexit => " + here + "\n",
		"main.go": foreignProgram,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(dir, "foreign")
	build := exec.Command("go", "build", "-mod=mod", "-o", program, ".")
	build.Dir = dir
	build.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		if s := string(out); strings.Contains(s, "dial tcp") || strings.Contains(s, "GOPROXY") {
			t.Skip("no module proxy: ", s)
		}
		t.Fatalf("%v\n%s", err, out)
	}
	events, got := w.events("run", "--send", "0.0=TERM", "--send", "0=TERM@+200ms", "--", program)
	if got.status != 128+15 {
		t.Errorf("status %d, stderr %q", got.status, got.stderr)
	}
	allExit(t, events)
	for node, want := range map[string][]string{"0": {"flush-parent", "release-lease"}, "0.0": {"flush-child", "release-lease"}} {
		var have []string
		for _, h := range tree.Fold(events).Node(node).Ran() {
			have = append(have, h.Name)
		}
		if !slices.Equal(have, want) {
			t.Errorf("%s ran %q, want %q", node, have, want)
		}
	}
	// What keeps Bubble Tea quiet does not reach the children.
	said := 0
	for _, e := range events {
		if e.Kind == exitreg.KindOut && strings.HasSuffix(e.Text, " CI: ") {
			said++
		}
	}
	if said != 2 {
		t.Errorf("%d children see no CI, want 2", said)
	}
}
