package tape_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/tape"
)

const (
	head  = `{"multiexit":1,"start":"2026-01-02T03:04:05.000000006Z","argv":["sh","-c","x"],"host":"h","observer":"test"}` + "\n"
	spawn = `{"seq":1,"kind":"spawn","node":"0","pid":7,"name":"main"}` + "\n"
	begin = `{"seq":2,"t":5,"kind":"begin","node":"0","id":"h1"}` + "\n"
	exit  = `{"seq":3,"t":9,"kind":"exit","node":"0","code":0}` + "\n"
	eof   = `{"seq":4,"t":9,"kind":"eof"}` + "\n"
)

func read(t *testing.T, text string) *tape.Tape {
	t.Helper()
	tp, err := tape.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return tp
}

func TestRead(t *testing.T) {
	tp := read(t, head+spawn+begin+exit+eof)
	want := tree.Header{Version: 1, Start: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC), Argv: []string{"sh", "-c", "x"}, Host: "h", Observer: "test"}
	if !reflect.DeepEqual(tp.Header, want) {
		t.Errorf("header %+v", tp.Header)
	}
	if len(tp.Events) != 4 || tp.Damage != nil || tp.Unknown != 0 {
		t.Fatalf("%d events, %v, %d unknown", len(tp.Events), tp.Damage, tp.Unknown)
	}
	if e := tp.Events[2]; e.Seq != 3 || e.T != 9 || e.Kind != exitreg.KindExit || e.Node != "0" || e.Code == nil || *e.Code != 0 {
		t.Errorf("%+v", e)
	}
}

// What is broken is named; what is good is there.
func TestDamage(t *testing.T) {
	long := strings.Repeat("x", 2<<20)
	for _, c := range []struct {
		name, text, damage string
		events             int
		offset             int64
	}{
		{"whole", head + spawn + eof, "", 2, 0},
		{"without its last line end", head + spawn + strings.TrimSuffix(eof, "\n"), "", 2, 0},
		{"empty lines and CRLF", head + "\r\n\n" + strings.ReplaceAll(spawn+eof, "\n", "\r\n"), "", 2, 0},
		{"of no events", head, "line 2: it ends without eof: cut off while recording", 0, int64(len(head))},
		{"cut off between two lines", head + spawn + begin, "line 4: it ends without eof: cut off while recording", 2, int64(len(head + spawn + begin))},
		{"cut off in a line", head + spawn + begin[:20], "line 3: the last line is cut off", 1, int64(len(head + spawn))},
		{"garbage in the middle", head + spawn + "garbage\n" + exit + eof, "line 3: no JSON: invalid character 'g' looking for beginning of value", 3, int64(len(head + spawn))},
		{"garbage twice", head + "{}\n" + spawn + "[1]\n" + eof, "line 2: an event without a kind (and 1 more broken line)", 2, int64(len(head))},
		{"garbage often", head + "a\nb\nc\n" + eof, "line 2: no JSON: invalid character 'a' looking for beginning of value (and 2 more broken lines)", 1, int64(len(head))},
		{"a value of another type", head + `{"kind":"exit","code":"no"}` + "\n" + eof, "line 2: a string where code has another type", 1, int64(len(head))},
		{"no object", head + "7\n" + eof, "line 2: a number, not an event", 1, int64(len(head))},
		{"zeros after a crash", head + spawn + "\x00\x00\x00\x00\n" + eof, "line 3: binary data", 2, int64(len(head + spawn))},
		{"an endless line", head + spawn + long + "\n" + exit + eof, "line 3: longer than 1 MiB", 3, int64(len(head + spawn))},
		{"an endless last line", head + spawn + long, "line 3: longer than 1 MiB", 1, int64(len(head + spawn))},
	} {
		t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
			tp := read(t, c.text)
			if len(tp.Events) != c.events {
				t.Errorf("%d events, want %d", len(tp.Events), c.events)
			}
			if tp.Damage == nil {
				if c.damage != "" {
					t.Errorf("no damage, want %s", c.damage)
				}
				return
			}
			c.damage = strings.Replace(c.damage, ": ", fmt.Sprintf(", byte %d: ", c.offset), 1)
			if tp.Damage.Error() != c.damage || tp.Damage.Offset != c.offset {
				t.Errorf("%v at %d, want %s at %d", tp.Damage, tp.Damage.Offset, c.damage, c.offset)
			}
		})
	}
}

// A line of more than the buffer of 64 KiB is an event like any other.
func TestLongLine(t *testing.T) {
	text := strings.Repeat("word ", 60000)
	tp := read(t, head+`{"kind":"out","node":"0","text":"`+text+`"}`+"\n"+spawn+eof)
	if len(tp.Events) != 3 || tp.Events[0].Text != text || tp.Events[1].Name != "main" || tp.Damage != nil {
		t.Errorf("%d events, %v", len(tp.Events), tp.Damage)
	}
}

func TestForeign(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "not a recording: it is empty"},
		{"binary", "\x7fELF\x02\x01\x01\x00\n\x00", "not a recording: it holds binary data"},
		{"zeros", strings.Repeat("\x00", 3<<20), "not a recording: its first line has no end"},
		{"text", "hello\nworld\n", `not a recording: its first line is not {"multiexit":1,...}`},
		{"json", `{"name":"package","version":"1.0.0"}` + "\n", `not a recording: its first line is not {"multiexit":1,...}`},
		{"list", "[1,2]", `not a recording: its first line is not {"multiexit":1,...}`},
		{"events without a header", spawn + eof, `not a recording: its first line is not {"multiexit":1,...}`},
		{"future", `{"multiexit":2,"events":"elsewhere"}` + "\n", "a recording of format 2; this multiexit reads format 1 (use the one that recorded it, or a newer one)"},
		{"torn", head[:40], "a recording that was cut off in its first line"},
		{"broken", `{"multiexit":1,"start":"yesterday"}` + "\n" + spawn, "a recording with a broken header: "},
	} {
		path := filepath.Join(dir, c.name)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		tp, err := tape.Open(path)
		var foreign *tape.FormatError
		if tp != nil || !errors.As(err, &foreign) {
			t.Errorf("%s: %v, %v", c.name, tp, err)
			continue
		}
		if got := err.Error(); !strings.HasPrefix(got, path+":1: "+c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.jsonl")
	if err := os.WriteFile(path, []byte(head+spawn+eof), 0o600); err != nil {
		t.Fatal(err)
	}
	if tp, err := tape.Open(path); err != nil || len(tp.Events) != 2 {
		t.Errorf("%v, %v", tp, err)
	}
	for _, bad := range []string{filepath.Join(dir, "none"), dir} {
		if _, err := tape.Open(bad); err == nil || !strings.Contains(err.Error(), bad) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// A reader that fails midway gives what was read, and its error.
func TestReadError(t *testing.T) {
	broken := errors.New("the disk is gone")
	tp, err := tape.Read(io.MultiReader(strings.NewReader(head+spawn+begin), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) || len(tp.Events) != 2 {
		t.Errorf("%v, %v", tp, err)
	}
	if _, err := tape.Read(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Error(err)
	}
}

// However the bytes come in, the events are the same.
func TestReadInPieces(t *testing.T) {
	text := head + spawn + "garbage\n" + begin + exit + eof
	want := read(t, text)
	for _, r := range []io.Reader{iotest.OneByteReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text)), iotest.HalfReader(strings.NewReader(text))} {
		got, err := tape.Read(r)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, %v", got, err)
		}
	}
}

func TestUnknownIsKept(t *testing.T) {
	text := strings.Replace(head, "{", `{"later":{"a":[1,2]},`, 1)
	text = strings.Replace(text, `{"later":{"a":[1,2]},"multiexit":1`, `{"multiexit":1,"later":{"a":[1,2]}`, 1) +
		`{"seq":1,"kind":"spawn","node":"0","cgroup":"/x","nested":{"a":[1,{"b":null}]}}` + "\n" +
		`{"seq":2,"kind":"wonder","node":"0","text":"a \u003cb\u003e"}` + "\n" + eof
	tp := read(t, text)
	if tp.Unknown != 1 || len(tp.Events) != 3 || tp.Damage != nil {
		t.Fatalf("%d unknown, %d events, %v", tp.Unknown, len(tp.Events), tp.Damage)
	}
	if e := tp.Events[1]; e.Kind != "wonder" || e.Text != "a <b>" {
		t.Errorf("%+v", e)
	}
	if got := tree.Fold(tp.Events).Unknown; got != 1 {
		t.Errorf("the tree counts %d", got)
	}
	var out bytes.Buffer
	if n, err := tp.WriteTo(&out); err != nil || n != int64(out.Len()) || out.String() != text {
		t.Errorf("wrote %d, %v:\n%s\nwant\n%s", n, err, out.String(), text)
	}
}

// Writer and WriteTo write what Read reads, for the recordings there are.
func TestRoundTrip(t *testing.T) {
	files, _ := filepath.Glob("../testdata/*.jsonl")
	if len(files) == 0 {
		t.Fatal("no recordings")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tp := read(t, string(text))
		var out, again bytes.Buffer
		w, err := tape.NewWriter(&out, tp.Header)
		if err != nil {
			t.Fatal(err)
		}
		half := len(tp.Events) / 2
		if err := errors.Join(w.Write(tp.Events[:half]), w.Write(nil), w.Write(tp.Events[half:]), w.Close()); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(out.Bytes(), text) {
			t.Errorf("%s: written\n%s", file, out.Bytes())
		}
		fresh := &tape.Tape{Header: tp.Header, Events: tp.Events}
		if _, err := fresh.WriteTo(&again); err != nil || !bytes.Equal(again.Bytes(), text) {
			t.Errorf("%s: %v, written again\n%s", file, err, again.Bytes())
		}
	}
}

// calls is a writer that counts, and fails from some call on.
type calls struct{ n, failAt int }

func (c *calls) Write(p []byte) (int, error) {
	c.n++
	if c.failAt != 0 && c.n >= c.failAt {
		return len(p) / 2, io.ErrShortWrite
	}
	return len(p), nil
}

func TestWriter(t *testing.T) {
	list := make([]tree.Event, 20000)
	for i := range list {
		list[i] = tree.Event{Seq: uint64(i + 1), Kind: exitreg.KindOut, Node: "0", Text: strings.Repeat("x", 100)}
	}
	var c calls
	w, err := tape.NewWriter(&c, tree.Header{})
	if err != nil || c.n != 1 {
		t.Fatalf("%d calls for the header, %v", c.n, err)
	}
	if err := w.Write(list[:100]); err != nil || c.n != 2 {
		t.Errorf("%d calls after a batch, %v", c.n, err)
	}
	if err := w.Write(list); err != nil || c.n > 6 {
		t.Errorf("%d calls after 3 MB, %v", c.n, err)
	}
	c = calls{failAt: 2}
	w, _ = tape.NewWriter(&c, tree.Header{})
	for range 3 {
		if err := w.Write(list[:1]); !errors.Is(err, io.ErrShortWrite) {
			t.Error(err)
		}
	}
	if err := w.Close(); !errors.Is(err, io.ErrShortWrite) || c.n != 2 {
		t.Errorf("%d calls, %v", c.n, err)
	}
	if _, err := tape.NewWriter(&calls{failAt: 1}, tree.Header{}); err == nil {
		t.Error("no error from a header that was not written")
	}
	if _, err := tape.NewWriter(io.Discard, tree.Header{Start: time.Unix(1<<60, 0)}); err == nil {
		t.Error("no error from a start that no recording can hold")
	}
}

// Events come in the order of arrival; their times may step back. The playhead
// does not.
func TestAt(t *testing.T) {
	tp := &tape.Tape{}
	if tp.Duration() != 0 || tp.At(0) != 0 || tp.At(time.Hour) != 0 {
		t.Error("an empty tape has events")
	}
	for _, at := range []time.Duration{-5, 0, 10, 30, 20, 30, 40} {
		tp.Events = append(tp.Events, tree.Event{T: at})
	}
	for _, c := range []struct {
		at   time.Duration
		want int
	}{{-1, 0}, {0, 2}, {9, 2}, {10, 3}, {20, 3}, {29, 3}, {30, 6}, {39, 6}, {40, 7}, {time.Hour, 7}} {
		if got := tp.At(c.at); got != c.want {
			t.Errorf("at %d: %d, want %d", c.at, got, c.want)
		}
	}
	if tp.Duration() != 40 || tp.Due(4) != 30 {
		t.Errorf("duration %d, due %d", tp.Duration(), tp.Due(4))
	}
	tp.Events = append(tp.Events, tree.Event{T: 50}) // a tape that grows
	if tp.At(50) != 8 || tp.Duration() != 50 {
		t.Error("what came later is not there")
	}
}
