package live

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"multiexit/exitreg"
	"multiexit/tree"
)

// enclosed starts a command in a pid namespace of its own.
func enclosed(t *testing.T, argv ...string) *observed {
	t.Helper()
	s, err := Open(Config{Argv: argv, Grace: deadline})
	if err != nil {
		t.Fatal(err)
	}
	w := watched(t, s)
	if _, err := s.Run(Command{Argv: argv, PIDNamespace: true}); err != nil {
		if errors.Is(err, unix.EPERM) {
			t.Skip(err)
		}
		t.Fatal(err)
	}
	s.Release()
	return w
}

// TestFirstOfNamespace: the command is process 1, shielded from SIGTERM, and called
// by its own name; what it leaves dies with it.
func TestFirstOfNamespace(t *testing.T) {
	need(t, "sh", "sleep")
	w := enclosed(t, "sh", "-c", `echo $$; cd -P /proc/self; pwd; (setsid sleep 1000 &); sleep 1000; true`)
	w.said("1")
	w.said("/proc/1")
	w.until("two sleeps", func() bool { return len(sleepers(w.events)) == 2 })
	root := tree.Fold(w.all()).Node("0")
	if root.Name != "sh" || len(root.Argv) != 3 || root.Argv[0] != "sh" {
		t.Errorf("it is called %q %q", root.Name, root.Argv)
	}
	w.term("0", tree.Ignored)
	if err := w.Signal("0", "TERM", ""); err != nil {
		t.Fatal(err)
	}
	if err := w.Signal("0", "KILL", ""); err != nil {
		t.Fatal(err)
	}
	events, v := w.finish()
	if v.Sig != "SIGKILL" || v.Gone != v.Total {
		t.Errorf("%+v", v)
	}
	for _, e := range events {
		if e.Kind == exitreg.KindExec && e.Node == "0" || strings.Contains(strings.Join(e.Argv, " "), initWord) {
			t.Errorf("the way to it is seen: %+v", e)
		}
	}
}

// TestNamespacePids: what processes in it say of one another in pids of their own
// is understood.
func TestNamespacePids(t *testing.T) {
	w := enclosed(t, role("family", "2", "share")...)
	w.until("the handlers of all three", func() bool { return planned(w.events, "0", "0.0", "0.0.0") })
	w.term("0", tree.Caught)
	w.Stop()
	events, v := w.finish()
	var waits []string
	for _, e := range events {
		switch {
		case e.Kind == exitreg.KindWait:
			waits = append(waits, e.Node+" for "+e.Text)
		case e.Kind == exitreg.KindNote:
			t.Errorf("noted: %s", e.Text)
		}
	}
	slices.Sort(waits) // they wait in processes of their own, in any order
	if want := []string{"0 for 0.0", "0.0 for 0.0.0"}; !slices.Equal(waits, want) {
		t.Errorf("waits %v, want %v", waits, want)
	}
	if v.Gone != 3 {
		t.Errorf("%+v", v)
	}
}

func TestNamespaceErrors(t *testing.T) {
	s, err := Open(Config{})
	if err != nil {
		t.Fatal(err)
	}
	w := watched(t, s)
	path := t.TempDir() + "/nonsense"
	write(t, path, "\x7fnonsense", 0o755)
	_, err = s.Run(Command{Argv: []string{path}, PIDNamespace: true})
	if errors.Is(err, unix.EPERM) {
		t.Skip(err)
	}
	if exitCode(err) != 126 || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v", err)
	}
	if exec.Command(self, initWord, "1", "/bin/true", "true").Run() == nil {
		t.Error("it can be run by anybody")
	}
	s.Release()
	if _, v := w.finish(); v.Total != 0 {
		t.Errorf("%+v", v)
	}
}

func TestEnclosureError(t *testing.T) {
	err := enclosureError("web", os.NewSyscallError("clone", unix.EPERM))
	if got := err.Error(); !strings.HasPrefix(got, "web: no pid namespace for it: ") || !strings.Contains(got, "(") || strings.Contains(got, "\n") || !errors.Is(err, unix.EPERM) {
		t.Error(got)
	}
}

// TestNeighbour: of those that had the same pid in a namespace the living one, or
// else the youngest, is meant.
func TestNeighbour(t *testing.T) {
	s := newSession(Config{})
	for i, dead := range []bool{true, false, true} {
		s.byPID[100+i] = &proc{pid: 100 + i, start: uint64(i), dead: dead, handle: handle{inner: 5, space: 77}}
	}
	s.byPID[200] = &proc{pid: 200, start: 9, handle: handle{inner: 5, space: 78}}
	if got := s.neighbour(&proc{handle: handle{space: 77}}, 5); got == nil || got.pid != 101 {
		t.Errorf("found %v", got)
	}
}
