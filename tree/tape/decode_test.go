package tape_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"multiexit/tree"
	"multiexit/tree/tape"
)

// A pipe that still grows gives each event as soon as its line is there.
func TestDecoderOnAPipe(t *testing.T) {
	r, w := io.Pipe()
	d := tape.NewDecoder(r)
	lines := make(chan string)
	go func() {
		for line := range lines {
			io.WriteString(w, line)
		}
		w.Close()
	}()
	lines <- head
	if _, err := d.Header(); err != nil {
		t.Fatal(err)
	}
	var e tree.Event
	for _, line := range []string{spawn, begin} {
		lines <- line
		if err := d.Decode(&e); err != nil || string(d.Line())+"\n" != line {
			t.Fatalf("%v, %s", err, d.Line())
		}
	}
	lines <- "garbage\n"
	var damage *tape.Damage
	if err := d.Decode(&e); !errors.As(err, &damage) || damage.Line != 4 {
		t.Fatalf("%v", err)
	}
	lines <- exit
	if err := d.Decode(&e); err != nil || e.Kind != "exit" {
		t.Fatalf("%v", err)
	}
	close(lines)
	for range 2 {
		if err := d.Decode(&e); err != io.EOF {
			t.Fatalf("%v", err)
		}
	}
}

// lines on which a quick decoder could differ from encoding/json.
var oddLines = []string{
	`{}`, `{"kind":""}`, `{"kind":"a"}`, ` {"kind":"a"}`, `{"kind":"a"} `, `{"kind":"a"}x`, `{"kind":"a",}`, `{"kind":"a"`,
	`{ "kind" : "a" }`, `{"Kind":"a"}`, `{"KIND":"a","kind":"b"}`, `{"kind":"a","kind":"b"}`, `{"kind":null}`,
	`{"kind":"a","seq":-1}`, `{"kind":"a","seq":18446744073709551615}`, `{"kind":"a","t":-5}`, `{"kind":"a","t":-0}`,
	`{"kind":"a","t":01}`, `{"kind":"a","t":1.0}`, `{"kind":"a","t":1e3}`, `{"kind":"a","t":999999999999999999}`,
	`{"kind":"a","t":9223372036854775807}`, `{"kind":"a","t":9223372036854775808}`, `{"kind":"a","t":-}`, `{"kind":"a","t":}`,
	`{"kind":"a","code":0}`, `{"kind":"a","code":null}`, `{"kind":"a","code":-1,"code":2}`, `{"kind":"a","pid":4294967296}`,
	`{"kind":"a","shared":true}`, `{"kind":"a","shared":false}`, `{"kind":"a","shared":truex}`, `{"kind":"a","core":1}`,
	`{"kind":"a","argv":[]}`, `{"kind":"a","argv":["x","y z"]}`, `{"kind":"a","argv":["x",]}`, `{"kind":"a","argv":[1]}`, `{"kind":"a","argv":null}`,
	`{"kind":"a","argv":["x","y"],"argv":["z"]}`, `{"kind":"a","needs":["x","y/\u003c"],"argv":["z"]}`, `{"kind":"a","needs":"x"}`,
	`{"kind":"a","text":"\u003c\n\""}`, `{"kind":"a","text":"ä€😀"}`, "{\"kind\":\"a\",\"text\":\"\xff\"}", "{\"kind\":\"a\",\"text\":\"\t\"}",
	`{"kind":"a","other":1}`, `{"kind":"a","other":{"kind":"b"}}`, `{"k\u0069nd":"a"}`, `[]`, `null`, `"x"`, `{"kind":{}}`,
	`{"kind":"a","text":"\u001b[1mx\u001b[0m \\ \/ \b\f\n\r\t \u00e4\u20AC ä"}`, `{"kind":"a","text":"\ud83d\ude00"}`, `{"kind":"a","text":"\ud83d"}`,
	`{"kind":"a","text":"\u12"}`, `{"kind":"a","text":"\u12g4"}`, `{"kind":"a","text":"\x"}`, `{"kind":"a","text":"\`, `{"kind":"a","text":"\n`, `{"kind":"a","text":"\'"}`,
	`{"kind":"a","argv":["\u003c","\\","y"],"name":"\n\n","err":"\t"}`, `{"kind":"a","te\u0078t":"\nb"}`, "{\"kind\":\"a\",\"text\":\"\\n\xff\"}", "{\"kind\":\"a\",\"text\":\"\\n\t\"}", `{"kind":"a","text":"\ufffd\ufeff\u0000"}`,
	"{\"kind\":\"a\",\"text\":\"\u2028\"}", `{"kind":"a","text":"` + strings.Repeat("x", 100) + `"}`,
}

func TestDecodeLikeJSON(t *testing.T) {
	for _, line := range oddLines {
		likeJSON(t, []byte(line))
	}
}

// likeJSON checks that a line decodes to what encoding/json makes of it, and that
// what it decoded to is written as encoding/json writes it.
func likeJSON(t *testing.T, line []byte) {
	t.Helper()
	if bytes.ContainsAny(line, "\n\r") || len(bytes.TrimSpace(line)) == 0 || len(line) > 1<<20-2 {
		return
	}
	d := tape.NewDecoder(io.MultiReader(strings.NewReader(head), bytes.NewReader(line), strings.NewReader("\n")))
	if _, err := d.Header(); err != nil {
		t.Fatal(err)
	}
	var got, want tree.Event
	got.Text = "of the line before"
	err := d.Decode(&got)
	wantErr := json.Unmarshal(line, &want)
	if wantErr == nil && want.Kind == "" {
		wantErr = errors.New("no kind")
	}
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%q: %v, encoding/json: %v", line, err, wantErr)
	}
	if err != nil {
		if strings.ContainsAny(err.Error(), "\n\x1b") {
			t.Fatalf("%q: an error of more than a line: %q", line, err)
		}
		return
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%q:\n got %+v\nwant %+v", line, got, want)
	}
	extra := json.NewDecoder(bytes.NewReader(line))
	extra.DisallowUnknownFields()
	if unknown := extra.Decode(new(tree.Event)) != nil; unknown != d.Extra() {
		t.Fatalf("%q: extra keys %v, want %v", line, d.Extra(), unknown)
	}
	text, err := json.Marshal(&want)
	if written := got.AppendJSON(nil); err != nil || !bytes.Equal(written, text) {
		t.Fatalf("%q:\nwritten %s\n   want %s", line, written, text)
	}
}

func FuzzDecode(f *testing.F) {
	for _, line := range oddLines {
		f.Add([]byte(line))
	}
	files, _ := filepath.Glob("../testdata/*.jsonl")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for line := range bytes.Lines(text) {
			f.Add(bytes.TrimSpace(line))
		}
	}
	f.Fuzz(likeJSON)
}

// Any file at all: no panic, an error of one line or a tape that can be written,
// and that is the same when it is read again.
func FuzzRead(f *testing.F) {
	for _, text := range []string{"", head, head + spawn, head + spawn + begin[:9], head + "x\n" + eof, "\x00", head + `{"kind":"a","b":1}` + "\n" + eof} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		tp, err := tape.Read(bytes.NewReader(text))
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Fatalf("%q", err)
			}
			return
		}
		if lines := bytes.Count(text, []byte{'\n'}) + 1; len(tp.Events) > lines {
			t.Fatalf("%d events of %d lines", len(tp.Events), lines)
		}
		tp.At(tp.Duration())
		var out bytes.Buffer
		if _, err := tp.WriteTo(&out); err != nil {
			t.Fatal(err)
		}
		again, err := tape.Read(&out)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(again.Events, tp.Events) || again.Unknown != tp.Unknown || !reflect.DeepEqual(again.Header, tp.Header) {
			t.Fatalf("read again: %+v\nwant %+v", again, tp)
		}
	})
}
