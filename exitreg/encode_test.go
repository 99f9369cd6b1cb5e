package exitreg

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

var three = 3

var encodings = []Event{
	{},
	{Kind: KindBegin, ID: "h1", Handler: "close database", At: 1700000000123456789, N: 7, PID: 4711},
	{Seq: 1, T: 2, At: -3, Kind: "k", Node: "0.1", PID: -4, Name: "n", N: 5, ID: "h", Handler: "x", Shared: true, From: "6",
		Src: "a.go:7", Needs: []string{"c", "p/*"}, Sig: "SIGTERM", Code: &three, Core: true, Err: "e", Text: "t", Stream: "stdout", Elapsed: time.Second,
		Timeout: time.Hour, Sender: "multiexit", Scope: "group", Argv: []string{"a", "", "b c"}, Prov: ProvSelf},
	{Code: new(int), Argv: []string{}},
	{Text: "quotes \" \\ / tab\t nl\n cr\r bs\b ff\f nul\x00 esc\x1b del\x7f html <a href='&'> ls\u2028 ps\u2029 é € 𝄞 \ufffd bad \xff\xc3(\xe2\x82"},
}

// The wire's JSON is that of encoding/json, byte for byte.
func TestEncode(t *testing.T) {
	for _, e := range encodings {
		want, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.AppendJSON([]byte("x")); string(got) != "x"+string(want) {
			t.Errorf("got  %s\nwant %s", got[1:], want)
		}
	}
}

func FuzzEncode(f *testing.F) {
	f.Add("a", "<\u2028\xff", int64(1), false)
	f.Add("\x00\x1f", "\u2027", int64(-1), true)
	f.Fuzz(func(t *testing.T, a, b string, n int64, on bool) {
		e := Event{Kind: Kind(a), Handler: b, Err: a + b, Argv: []string{a, b}, At: n, N: uint64(n), Elapsed: time.Duration(n), Shared: on}
		want, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if got := appendEvent(nil, &e); !bytes.Equal(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	})
}

// No line is longer than 64 KiB, whatever is in it, and a shortened one still
// says who it is about.
func TestLineLimit(t *testing.T) {
	long := strings.Repeat("\x01", 200<<10) // six bytes each, escaped
	for _, e := range []Event{
		{Err: long}, {Text: long}, {Err: long, Text: long, Handler: long, Name: long, Src: long, ID: long, From: long, Sig: long,
			Node: long, Sender: long, Scope: long, Stream: long},
		{Argv: []string{long, long}, Needs: []string{"a", long}}, {Argv: strings.Split(strings.Repeat("x,", 100_000), ",")},
		{Err: strings.Repeat("€", 30_000)},
	} {
		e.Kind, e.N, e.PID = KindEnd, 12, 34
		line := appendLine([]byte("before"), &e)[len("before"):]
		var got Event
		if err := json.Unmarshal(line, &got); err != nil || len(line) > lineMax || line[len(line)-1] != '\n' {
			t.Fatalf("%d bytes, %v", len(line), err)
		}
		if got.N != 12 || got.PID != 34 || got.Kind != KindEnd || strings.Contains(got.Err, "\ufffd") {
			t.Errorf("%+v", got)
		}
	}
	fits := Event{Kind: KindOut, Text: strings.Repeat("x", lineMax-len(`{"kind":"out","text":""}`)-1)}
	if line := appendLine(nil, &fits); len(line) != lineMax {
		t.Errorf("what fits was cut to %d bytes", len(line))
	}
}
