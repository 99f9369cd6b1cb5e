package history_test

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/history"
	"multiexit/tree/tape"
)

// asWriter makes the test binary a session that records into the store in this
// directory, says so, and lives until it is killed.
const asWriter = "HISTORY_TEST_WRITER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(asWriter); dir != "" {
		write(dir)
		return
	}
	os.Exit(m.Run())
}

func write(dir string) {
	run, _, err := history.At(dir).Begin(time.Now())
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	spool, err := tape.NewSpool(run.File, head("killed"), 0)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	spool.Write(session()[:2])
	fmt.Println(run.ID)
	select {}
}

func head(argv ...string) tree.Header {
	return tree.Header{Start: time.Now(), Argv: argv, Host: "box", Observer: "test"}
}

// session is one process that gets SIGTERM and goes.
func session() []tree.Event {
	return []tree.Event{
		{Seq: 1, T: 1, Kind: exitreg.KindSpawn, Node: "0", PID: 7, Name: "main"},
		{Seq: 2, T: 2 * time.Second, Kind: exitreg.KindSignal, Node: "0", Sig: "SIGTERM"},
		{Seq: 3, T: 3 * time.Second, Kind: exitreg.KindExit, Node: "0", Sig: "SIGTERM"},
		{Seq: 4, T: 3 * time.Second, Kind: exitreg.KindEOF},
	}
}

// record makes a complete recording of a size, begun at a time.
func record(t testing.TB, s *history.Store, at time.Time, size int) *history.Run {
	t.Helper()
	run, _, err := s.Begin(at)
	if err != nil {
		t.Fatal(err)
	}
	h := head("run", at.Format(time.TimeOnly))
	h.Start = at
	spool, err := tape.NewSpool(run.File, h, 0)
	if err != nil {
		t.Fatal(err)
	}
	events := session()
	if size > 0 {
		out := tree.Event{Seq: 3, T: 2 * time.Second, Kind: exitreg.KindOut, Node: "0", Text: strings.Repeat("x", size)}
		events = slices.Insert(events, 2, out)
	}
	if err := spool.Write(events); err != nil {
		t.Fatal(err)
	}
	if err := run.Complete(history.Sum(spool.Header(), tree.Fold(events))); err != nil {
		t.Fatal(err)
	}
	if err := run.File.Close(); err != nil {
		t.Fatal(err)
	}
	return run
}

func list(t testing.TB, s *history.Store) []history.Entry {
	t.Helper()
	all, err := s.List()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func ids(all []history.Entry) (ids []string) {
	for i := range all {
		ids = append(ids, all[i].ID)
	}
	return ids
}

var day = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// A recording runs, then it is complete; its summary needs no look into it; and
// nobody but the user can read any of it.
func TestRun(t *testing.T) {
	s := history.At(filepath.Join(t.TempDir(), "state", "multiexit"))
	if all := list(t, s); len(all) != 0 {
		t.Fatal("a store that is not there has", all)
	}
	run, room, err := s.Begin(day)
	if err != nil || room < 1<<20 {
		t.Fatal(room, err)
	}
	all := list(t, s)
	if len(all) != 1 || all[0].State != history.Running || all[0].ID != run.ID || !all[0].Began.Equal(day) {
		t.Fatalf("%+v", all)
	}
	if err := s.Remove(&all[0]); !errors.Is(err, history.ErrBusy) {
		t.Error("one that runs:", err)
	}
	h := head("./server")
	spool, err := tape.NewSpool(run.File, h, 0)
	if err != nil {
		t.Fatal(err)
	}
	spool.Write(session())
	if err := run.Complete(history.Sum(h, tree.Fold(session()))); err != nil {
		t.Fatal(err)
	}
	run.File.Close()
	all = list(t, s)
	if all[0].State != history.Complete || filepath.Base(all[0].Path) != "20260301T090000.000Z-"+run.ID+".jsonl" || all[0].Path != run.Path() {
		t.Fatalf("%+v", all)
	}
	sum, err := all[0].Summary()
	if err != nil || sum.Processes != 1 || sum.Signal != "SIGTERM" || sum.Shutdown != time.Second || sum.Ended != "SIGTERM" || sum.Took != 3*time.Second || !sum.Well() {
		t.Errorf("%+v, %v", sum, err)
	}
	if err := os.WriteFile(all[0].Path, nil, 0); err != nil { // if it were read, it would be none
		t.Fatal(err)
	}
	if again, err := all[0].Summary(); err != nil || again.Processes != 1 {
		t.Errorf("%+v, %v", again, err)
	}
	filepath.WalkDir(s.Dir(), func(path string, d fs.DirEntry, err error) error {
		if info, err := d.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
		return nil
	})
}

// A session that is killed leaves what it has written.
func TestKilled(t *testing.T) {
	s := history.At(t.TempDir())
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asWriter+"="+s.Dir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	id, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(id, err)
	}
	all := list(t, s)
	if len(all) != 1 || all[0].State != history.Running || all[0].ID != strings.TrimSpace(id) {
		t.Fatalf("%q, %+v", id, all)
	}
	if history.Newest(all) != nil {
		t.Error("one that runs is taken for one that is over")
	}
	s.Prune(history.Limits{})
	if len(list(t, s)) != 1 {
		t.Error("one that runs was removed")
	}
	cmd.Process.Kill()
	cmd.Wait()
	all = list(t, s)
	if all[0].State != history.CutOff || history.Newest(all) != &all[0] {
		t.Fatalf("%+v", all)
	}
	for range 2 { // made, then read
		sum, err := all[0].Summary()
		if err != nil || sum.Processes != 1 || sum.Took != 2*time.Second || sum.Survivors != 1 || sum.Argv[0] != "killed" {
			t.Errorf("%+v, %v", sum, err)
		}
	}
	s.Prune(history.Limits{})
	if all := list(t, s); len(all) != 0 {
		t.Errorf("%+v", all)
	}
}

// The oldest go first, but none that is read, and links weigh nothing.
func TestPrune(t *testing.T) {
	s := history.At(t.TempDir())
	var made []string
	for i := range 6 {
		made = append(made, record(t, s, day.Add(time.Duration(i)*time.Hour), 1000).ID)
	}
	slices.Reverse(made)
	if got := ids(list(t, s)); !slices.Equal(got, made) {
		t.Fatalf("%v, want %v", got, made)
	}
	all := list(t, s)
	s.Prune(history.Limits{Runs: 5, Bytes: 1 << 30})
	if got := ids(list(t, s)); !slices.Equal(got, made[:5]) {
		t.Fatalf("%v, want %v", got, made[:5])
	}
	all[4].Hold() // the oldest
	s.Prune(history.Limits{Runs: 100, Bytes: 3 * all[0].Size})
	if got, want := ids(list(t, s)), []string{made[0], made[1], made[4]}; !slices.Equal(got, want) {
		t.Fatalf("%v, want %v", got, want)
	}
	if err := s.Remove(&all[4]); !errors.Is(err, history.ErrBusy) {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(s.Dir(), "*.json")); len(left) != 3 {
		t.Errorf("summaries: %q", left)
	}
}

// Many sessions may begin and end at a time, and each has a place.
func TestManyAtOnce(t *testing.T) {
	s := history.At(filepath.Join(t.TempDir(), "new"))
	const n = 40
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			record(t, s, day.Add(time.Duration(i)*time.Millisecond), 10)
			s.Prune(history.Limits{Runs: n, Bytes: 1 << 30})
		})
	}
	all.Wait()
	found := ids(list(t, s))
	slices.Sort(found)
	if len(found) != n || len(slices.Compact(found)) != n {
		t.Errorf("%d of %d: %v", len(found), n, found)
	}
}

// A recording in a file of the user's is a link, as long as that file holds it.
func TestLink(t *testing.T) {
	s := history.At(filepath.Join(t.TempDir(), "state"))
	path := filepath.Join(t.TempDir(), "mine.jsonl")
	link := func(at time.Time) *history.Run {
		t.Helper()
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		run, err := s.Link(f, at)
		if err != nil || run == nil {
			t.Fatal(run, err)
		}
		h := head("linked")
		h.Start = at
		spool, err := tape.NewSpool(f, h, 0)
		if err != nil {
			t.Fatal(err)
		}
		spool.Write(session())
		if all := list(t, s); all[0].State != history.Running {
			t.Errorf("%+v", all)
		}
		run.Complete(history.Sum(h, tree.Fold(session())))
		f.Close()
		return run
	}
	link(day)
	second := link(day.Add(time.Hour)) // of the same file: the first is gone
	if all := list(t, s); len(all) != 1 || all[0].ID != second.ID || all[0].Target != path {
		t.Fatalf("%+v", all)
	}
	s.Prune(history.Limits{Runs: 1, Bytes: 0})
	if len(list(t, s)) != 1 {
		t.Error("a link weighs something")
	}
	other := head("other")
	f, _ := os.Create(path)
	tape.NewSpool(f, other, 0)
	f.Close()
	if all := list(t, s); len(all) != 0 {
		t.Errorf("the file holds another recording: %+v", all)
	}
	s.Prune(history.Bounds)
	if left, _ := os.ReadDir(s.Dir()); len(left) != 1 { // .lock
		t.Errorf("left: %v", left)
	}
	if f, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		if run, err := s.Link(f, day); run != nil || err != nil {
			t.Error("a device has an entry:", run, err)
		}
	}
}

func TestPick(t *testing.T) {
	all := []history.Entry{{Number: 1, ID: "bcd2"}, {Number: 2, ID: "bcf3"}, {Number: 3, ID: "kkkk"}}
	for ref, want := range map[string]string{
		"@1": "bcd2", "@2": "bcf3", "3": "kkkk", "k": "kkkk", "@kk": "kkkk", "bcf": "bcf3",
		"@4": "the history has 3 runs", "@0": "the history has 3 runs", "@-1": "the history has 3 runs",
		"bc": "it can be bcd2 or bcf3", "x": "no run of the history, which has 3 runs", "@": "no run of the history, which has 3 runs",
	} {
		e, err := history.Pick(all, ref)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = e.ID
		}
		if got != want {
			t.Errorf("%s: %q, want %q", ref, got, want)
		}
	}
}

// Where there can be no store, there is an error, and nothing is made.
func TestNoPlace(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	os.WriteFile(file, nil, 0o600)
	if _, _, err := history.At(filepath.Join(file, "multiexit")).Begin(day); err == nil {
		t.Error("below a file")
	}
	if _, _, err := history.At(file).Begin(day); err == nil {
		t.Error("a file")
	}
	t.Setenv("XDG_STATE_HOME", "relative")
	t.Setenv("HOME", "")
	if _, err := history.Default(); !errors.Is(err, history.ErrNoHome) {
		t.Error(err)
	}
	t.Setenv("HOME", dir)
	if s, err := history.Default(); err != nil || s.Dir() != filepath.Join(dir, ".local", "state", "multiexit") {
		t.Error(s, err)
	}
	t.Setenv("XDG_STATE_HOME", dir)
	if s, err := history.Default(); err != nil || s.Dir() != filepath.Join(dir, "multiexit") {
		t.Error(s, err)
	}
}

// What ended badly by a fault that was put into it did not fail.
func TestSumOfFaults(t *testing.T) {
	three := 3
	for _, c := range []struct {
		fault            string
		failed, injected int
	}{{"", 1, 0}, {"delay", 1, 0}, {"exit", 0, 1}} {
		list := []tree.Event{
			{Kind: exitreg.KindSpawn, Node: "0", Name: "db", PID: 7},
			{Kind: exitreg.KindRegister, Node: "0", ID: "h1", Handler: "close"},
			{Kind: exitreg.KindSignal, Node: "0", Sig: "SIGTERM"},
			{Kind: exitreg.KindBegin, Node: "0", ID: "h1"},
			{Kind: exitreg.KindExit, Node: "0", Code: &three},
		}
		if c.fault != "" {
			list = slices.Insert(list, 2, tree.Event{Kind: exitreg.KindFault, Node: "0", ID: "h1", Text: c.fault})
		}
		sum := history.Sum(head("./server"), tree.Fold(list))
		if sum.Failed != c.failed || sum.Injected != c.injected || sum.Well() != (c.failed == 0) {
			t.Errorf("%q: %+v", c.fault, sum)
		}
	}
}
