package export_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/export"
	"multiexit/tree/tape"
)

var update = flag.Bool("update", false, "write the goldens of testdata anew")

func open(t testing.TB, path string) *tape.Tape {
	t.Helper()
	tp, err := tape.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return tp
}

// recordings are real and told ones, by name.
func recordings(t testing.TB) map[string]*tape.Tape {
	t.Helper()
	files, _ := filepath.Glob("../testdata/*.jsonl")
	all := map[string]*tape.Tape{"shop": open(t, "../../docs/shop.jsonl"), "hostile": hostile(), "empty": {}}
	for _, f := range files {
		all[strings.TrimSuffix(filepath.Base(f), ".jsonl")] = open(t, f)
	}
	if len(all) < 7 {
		t.Fatalf("only %d recordings", len(all))
	}
	return all
}

func written(t testing.TB, format string, tp *tape.Tape, o export.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := export.Write(&b, format, tp, o); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.String()
}

var findings = []export.Finding{{Rule: "handler-failed", Node: "0", Handler: "flush", At: time.Second, Text: "flush of main failed: disk full", Advice: "Free the disk."}}

var path = []export.Step{{Node: "0", At: 360250 * time.Microsecond, For: 3 * time.Millisecond, Text: "fails | and <more>"}, {Node: "nobody", At: 1, For: 1}}

// Every format of one recording, byte by byte.
func TestGolden(t *testing.T) {
	tp := open(t, "../testdata/faulty.jsonl")
	for _, f := range export.Formats() {
		got := written(t, f.Name, tp, export.Options{Findings: findings, Path: path})
		if f.Name == "html" {
			got = dataOf(t, got) + "\n" // the rest is in the files of the page
		}
		golden := "testdata/faulty" + f.Ends[0]
		if *update {
			os.MkdirAll("testdata", 0o755)
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", golden, got, want)
		}
	}
}

// The same tape gives the same bytes, packed or not, and is left as it was.
func TestPure(t *testing.T) {
	for name, tp := range recordings(t) {
		before := tree.Fold(tp.Events)
		packed := tape.Of(tp.Reel())
		packed.Header = tp.Header
		for _, f := range export.Formats() {
			a, b := written(t, f.Name, tp, export.Options{}), written(t, f.Name, tp, export.Options{})
			if a != b {
				t.Errorf("%s: %s differs from one time to the next", name, f.Name)
			}
			if written(t, f.Name, packed, export.Options{}) != a {
				t.Errorf("%s: %s differs when the events are packed", name, f.Name)
			}
		}
		if after := tree.Fold(tp.Events); after.Counts != before.Counts || after.Last != before.Last {
			t.Errorf("%s: the tape has changed", name)
		}
	}
}

func TestFormatOf(t *testing.T) {
	for file, want := range map[string]string{
		"a.svg": "svg", "dir.svg/a.HTML": "html", "a.htm": "html", "a.json": "trace", "a.trace.json": "trace", "a.cast": "cast",
		"a.mmd": "mermaid", "a.gantt.mmd": "gantt", "a.md": "markdown", "a.csv": "csv", "a.png": "", "svg": "", "": "", "/x.md/a": "",
	} {
		if got := export.FormatOf(file); got != want {
			t.Errorf("FormatOf(%q) = %q, want %q", file, got, want)
		}
	}
	for _, f := range export.Formats() {
		if got := export.FormatOf("x" + f.Ends[0]); got != f.Name {
			t.Errorf("%s is not found by its own %s but %q", f.Name, f.Ends[0], got)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	err := export.Write(new(bytes.Buffer), "png", &tape.Tape{}, export.Options{})
	if err == nil || !strings.Contains(err.Error(), "svg, html") || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v", err)
	}
}

type full struct{ room int }

var errFull = errors.New("disk full")

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// A writer that fails is told of, wherever it fails.
func TestWriterFails(t *testing.T) {
	tp := open(t, "../../docs/shop.jsonl")
	for _, f := range export.Formats() {
		for _, room := range []int{0, len(written(t, f.Name, tp, export.Options{})) - 1} {
			if err := export.Write(&full{room}, f.Name, tp, export.Options{}); !errors.Is(err, errFull) {
				t.Errorf("%s with room for %d: %v", f.Name, room, err)
			}
		}
	}
}

// twice is a recording of a process that ends, and of another that does later.
func twice() *tape.Tape {
	code := 0
	tp := &tape.Tape{}
	add := func(at time.Duration, e tree.Event) {
		e.T, e.Seq = at, uint64(len(tp.Events)+1)
		tp.Events = append(tp.Events, e)
	}
	for i, node := range []string{"0", "1"} {
		add(time.Duration(i), tree.Event{Kind: exitreg.KindSpawn, Node: node, PID: 10 + i, Name: "first"[:5-i] + node})
		add(time.Duration(i), tree.Event{Kind: exitreg.KindRegister, Node: node, ID: "h1", Handler: "flush" + node})
	}
	for i, node := range []string{"0", "1"} {
		at := time.Duration(10*(i+1)) * time.Second
		add(at, tree.Event{Kind: exitreg.KindSignal, Node: node, Sig: "SIGTERM", Sender: "multiexit"})
		add(at+time.Second, tree.Event{Kind: exitreg.KindBegin, Node: node, ID: "h1"})
		add(at+2*time.Second, tree.Event{Kind: exitreg.KindEnd, Node: node, ID: "h1", Elapsed: time.Second})
		add(at+3*time.Second, tree.Event{Kind: exitreg.KindExit, Node: node, Code: &code})
	}
	add(time.Hour, tree.Event{Kind: exitreg.KindEOF})
	return tp
}

// Of several shutdowns the last is told, without those that were gone before,
// and from its signal on; all of the recording if that is asked for.
func TestLastShutdown(t *testing.T) {
	table := written(t, "csv", twice(), export.Options{})
	if strings.Contains(table, "flush0") || !strings.Contains(table, "flush1,h1,local,,done,1.000000,2.000000,1.000000") {
		t.Errorf("the last shutdown:\n%s", table)
	}
	table = written(t, "csv", twice(), export.Options{Whole: true})
	if !strings.Contains(table, "flush0,h1,local,,done,11.000000,12.000000") || !strings.Contains(table, "flush1,h1,local,,done,21.000000") {
		t.Errorf("all of it:\n%s", table)
	}
	if report := written(t, "markdown", twice(), export.Options{}); !strings.Contains(report, "| took | 3.00s |") {
		t.Errorf("it is over with its last exit:\n%s", report)
	}
}

// A shutdown of less than a millisecond is drawn as one, and told as it was.
func TestVeryShort(t *testing.T) {
	rec := &tape.Tape{Events: []tree.Event{
		{T: 1, Kind: "spawn", Node: "0", PID: 7, Name: "main"},
		{T: 1000, Kind: "signal", Node: "0", Sig: "SIGKILL", Sender: "multiexit"},
		{T: 610_000, Kind: "exit", Node: "0", Sig: "SIGKILL"},
		{T: 5_000_000, Kind: "eof"},
	}}
	for format, want := range map[string]string{"svg": `>609µs</text>`, "markdown": "| took | 609µs |", "html": `"total":609000`} {
		if text := written(t, format, rec, export.Options{}); !strings.Contains(text, want) {
			t.Errorf("%s: no %q", format, want)
		}
	}
}
