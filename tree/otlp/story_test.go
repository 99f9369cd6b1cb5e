package otlp

import (
	"context"
	"math/rand"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/tape"
)

// told are the spans of a recording.
func told(header tree.Header, events []tree.Event, whole bool) []sdk.ReadOnlySpan {
	heard, tr := new(Trace), new(tree.Tree)
	for i := range events {
		tr.Apply(&events[i])
		heard.Hear(&events[i])
	}
	recorder := tracetest.NewSpanRecorder()
	provider := sdk.NewTracerProvider(sdk.WithSpanProcessor(recorder), sdk.WithSampler(sdk.AlwaysSample()))
	newStory(heard, tr, &Options{Header: header, Whole: whole}).tell(context.Background(), provider.Tracer("test"))
	return recorder.Ended()
}

func attributeOf(s sdk.ReadOnlySpan, name string) string {
	for _, kv := range s.Attributes() {
		if string(kv.Key) == name {
			return kv.Value.String()
		}
	}
	return ""
}

// nest checks that all spans but one lie in their parents, as far as the package
// says so, and that whatever they say is valid UTF-8 in one line.
func nest(t *testing.T, all []sdk.ReadOnlySpan, late bool) {
	t.Helper()
	of := map[trace.SpanID]sdk.ReadOnlySpan{}
	for _, s := range all {
		of[s.SpanContext().SpanID()] = s
	}
	if len(of) != len(all) {
		t.Errorf("%d ids of %d spans", len(of), len(all))
	}
	roots := 0
	for _, s := range all {
		sayings(t, s)
		in := of[s.Parent().SpanID()]
		switch {
		case s.EndTime().Before(s.StartTime()):
			t.Errorf("%s ends before it begins", s.Name())
		case in == nil:
			roots++
		case s.StartTime().Before(in.StartTime()):
			t.Errorf("%s begins %v before %s", s.Name(), in.StartTime().Sub(s.StartTime()), in.Name())
		case s.EndTime().After(in.EndTime()) && !late && attributeOf(s, "multiexit.orphan") == "":
			t.Errorf("%s ends %v after %s", s.Name(), s.EndTime().Sub(in.EndTime()), in.Name())
		}
	}
	if roots != 1 {
		t.Errorf("%d roots of %d spans", roots, len(all))
	}
}

func sayings(t *testing.T, s sdk.ReadOnlySpan) {
	t.Helper()
	texts := []string{s.Name(), s.Status().Description}
	add := func(all []attribute.KeyValue) {
		for _, kv := range all {
			texts = append(texts, kv.Value.String())
		}
	}
	add(s.Attributes())
	for _, e := range s.Events() {
		texts = append(texts, e.Name)
		add(e.Attributes)
	}
	for _, text := range texts {
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\x1b\n\x00") {
			t.Errorf("%s says %q", s.Name(), text)
		}
	}
	if s.Name() == "" {
		t.Error("a span without a name")
	}
}

func recordings(t *testing.T) map[string]*tape.Tape {
	t.Helper()
	files, _ := filepath.Glob("../testdata/*.jsonl")
	all := map[string]*tape.Tape{}
	for _, f := range append(files, "../../docs/shop.jsonl") {
		tp, err := tape.Open(f)
		if err != nil {
			t.Fatal(err)
		}
		all[f] = tp
	}
	if len(all) < 6 {
		t.Fatalf("only %d recordings", len(all))
	}
	return all
}

// Each recording becomes one tree of spans, as many as it has processes and
// handlers that ran.
func TestNest(t *testing.T) {
	for name, tp := range recordings(t) {
		for _, whole := range []bool{false, true} {
			all := told(tp.Header, tp.Events, whole)
			nest(t, all, false)
			want := 1
			for _, n := range tree.Fold(tp.Events).Nodes {
				want += 1 + len(n.Ran())
			}
			if len(all) > want || whole && len(all) != want { // who was gone before has no part in it
				t.Errorf("%s: %d spans, not %d", name, len(all), want)
			}
		}
	}
}

// So does one that is cut off anywhere, or whose events come in any order.
func TestTorn(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, tp := range recordings(t) {
		for range 30 {
			part := slices.Clone(tp.Events[:r.Intn(len(tp.Events)+1)])
			mixed := r.Intn(2) == 0
			if mixed {
				r.Shuffle(len(part), func(i, j int) { part[i], part[j] = part[j], part[i] })
			}
			nest(t, told(tp.Header, part, r.Intn(2) == 0), true)
		}
	}
}

// What processes call themselves harms nobody.
func TestHostile(t *testing.T) {
	var events []tree.Event
	for i, name := range []string{"\x1b[2J", "\x00\xff\xfe", "a\nb", "", strings.Repeat("é", 9000), "\u202e"} {
		for _, e := range []tree.Event{
			{Kind: exitreg.KindSpawn, PID: 7, Name: name, Argv: []string{name, name}},
			{Kind: exitreg.KindRegister, ID: "h", Handler: name, Src: name + ":" + name},
			{Kind: exitreg.KindSignal, Sig: name, Sender: name},
			{Kind: exitreg.KindBegin, ID: "h"},
			{Kind: exitreg.KindRung, Text: name, Sig: name},
			{Kind: exitreg.KindEnd, ID: "h", Err: name},
			{Kind: exitreg.KindExit, Sig: name},
		} {
			e.Seq, e.T, e.Node = uint64(len(events)+1), time.Duration(len(events)), string(rune('0'+i))
			events = append(events, e)
		}
	}
	all := told(tree.Header{Argv: []string{"\xff"}, Host: "\xff", Observer: "\xff"}, events, false)
	nest(t, all, true)
	for _, s := range all {
		for _, kv := range s.Attributes() {
			if len(kv.Value.String()) > 2100 {
				t.Errorf("%s says %d bytes", kv.Key, len(kv.Value.String()))
			}
		}
	}
}

// An orphan outlives its parent; a handler that was lost, one that had no turn
// and a process that was killed say so.
func TestEnds(t *testing.T) {
	var events []tree.Event
	add := func(at int, node string, e tree.Event) {
		e.T, e.Seq, e.Node = time.Duration(at)*time.Second, uint64(len(events)+1), node
		events = append(events, e)
	}
	code := 0
	add(0, "0", tree.Event{Kind: exitreg.KindSpawn, Name: "main"})
	add(1, "0.0", tree.Event{Kind: exitreg.KindSpawn, Name: "kid"})
	add(1, "0.0", tree.Event{Kind: exitreg.KindRegister, ID: "h1", Handler: "close"})
	add(1, "0.0", tree.Event{Kind: exitreg.KindRegister, ID: "h2", Handler: "flush", Src: "a.go:12", Timeout: time.Minute})
	add(10, "0.0", tree.Event{Kind: exitreg.KindSignal, Sig: "SIGTERM", Sender: "multiexit"})
	add(11, "0.0", tree.Event{Kind: exitreg.KindDeliver, Sig: "SIGTERM"})
	add(11, "0.0", tree.Event{Kind: exitreg.KindBegin, ID: "h2"})
	add(12, "0", tree.Event{Kind: exitreg.KindSignal, Sig: "SIGTERM"})
	add(13, "0", tree.Event{Kind: exitreg.KindExit, Code: &code})
	add(13, "0.0", tree.Event{Kind: exitreg.KindOrphan})
	add(20, "0.0", tree.Event{Kind: exitreg.KindExit, Sig: "SIGKILL"})
	add(21, "", tree.Event{Kind: exitreg.KindEOF})
	start := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	all := told(tree.Header{Start: start}, events, false)
	nest(t, all, false)
	span := map[string]sdk.ReadOnlySpan{}
	for _, s := range all {
		span[s.Name()] = s
	}
	main, kid, flush := span["main"], span["kid"], span["flush"]
	for _, c := range []struct {
		s        sdk.ReadOnlySpan
		from, to int
	}{{span["shutdown"], 10, 20}, {main, 10, 13}, {kid, 10, 20}, {flush, 11, 20}} {
		if from, to := c.s.StartTime().Sub(start), c.s.EndTime().Sub(start); from != time.Duration(c.from)*time.Second || to != time.Duration(c.to)*time.Second {
			t.Errorf("%s from %v to %v, not %d to %d s", c.s.Name(), from, to, c.from, c.to)
		}
	}
	if kid.Parent().SpanID() != main.SpanContext().SpanID() || flush.Parent().SpanID() != kid.SpanContext().SpanID() {
		t.Error("they are not below each other")
	}
	if s := flush.Status(); s.Code != codes.Error || !strings.HasPrefix(s.Description, "lost") || attributeOf(flush, "code.line.number") != "12" || attributeOf(flush, "multiexit.handler.timeout") != "60" {
		t.Errorf("flush: %v %v", s, flush.Attributes())
	}
	if kid.Status().Code != codes.Error || attributeOf(kid, "error.type") != "SIGKILL" || attributeOf(kid, "multiexit.orphan") != "true" || attributeOf(kid, "process.creation.time") != "2026-01-02T03:04:06.000000006Z" {
		t.Errorf("kid: %v %v", kid.Status(), kid.Attributes())
	}
	if main.Status().Code != codes.Unset || attributeOf(main, "process.exit.code") != "0" {
		t.Errorf("main: %v %v", main.Status(), main.Attributes())
	}
	names := map[string]bool{}
	for _, e := range kid.Events() {
		names[e.Name] = true
	}
	for _, want := range []string{"signal", "handlers begin", "orphaned", "handler had no turn: lost", "finding: killed-before-done"} {
		if !names[want] {
			t.Errorf("kid has no event %q but %v", want, names)
		}
	}
}
