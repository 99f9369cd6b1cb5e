package diff_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"multiexit/tree"
	"multiexit/tree/diff"
	"multiexit/tree/tape"
)

// Runs of one program are the same, whatever the machine does to times, pids and
// the order of births.
func TestNoise(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 1))
		p := invent(r, 2+r.IntN(30))
		a, b := run(r, p.clone(), true), run(r, p.clone(), true)
		if d := diff.Compare(a, b); len(d.Changes) > 0 {
			t.Fatalf("seed %d: %s", seed, d)
		}
	}
}

// edit is one change of a program, and what has to be said of it.
type edit struct {
	name    string
	do      func(p *proc, i int) // to process p, handler i
	kind    diff.Kind
	effects []diff.Kind // that there may be
}

var edits = []edit{
	{"delay", func(p *proc, i int) { p.handlers[i].takes += 4 * time.Second; p.handlers[i].fault = "delay" }, diff.Slower, nil},
	{"slower", func(p *proc, i int) { p.handlers[i].takes += 4 * time.Second }, diff.Slower, nil},
	{"fail", func(p *proc, i int) { p.handlers[i].err, p.handlers[i].fault = "injected failure", "fail" }, diff.FailureGained, nil},
	{"failure", func(p *proc, i int) { p.handlers[i].err = "disk full" }, diff.FailureGained, nil},
	{"skip", func(p *proc, i int) { p.handlers[i].skipped, p.handlers[i].fault = "injected", "skip" }, diff.FailureGained, nil},
	{"exit", func(p *proc, i int) { p.handlers[i].ends, p.handlers[i].fault = true, "exit" }, diff.FailureGained, []diff.Kind{diff.Exit, diff.FailureGained}},
	{"status", func(p *proc, i int) { p.code = 3 }, diff.Exit, nil},
	{"new handler", func(p *proc, i int) {
		p.handlers = append([]handler{{name: "new", takes: time.Second}}, p.handlers...)
	}, diff.HandlerGained, nil},
	{"new process", func(p *proc, i int) {
		p.kids = append(p.kids, &proc{name: "new", handlers: []handler{{name: "h"}}, kids: []*proc{{name: "below"}}})
	}, diff.ProcessGained, nil},
	{"lingers", func(p *proc, i int) { p.lingers = 5 * time.Second }, diff.Slower, nil},
	{"order", func(p *proc, i int) { p.handlers[0], p.handlers[1] = p.handlers[1], p.handlers[0] }, diff.Order, nil},
	{"harmless", func(p *proc, i int) { p.handlers[i].fault = "delay" }, diff.Fault, nil},
}

// One change is named, and nothing else; and the way back is its opposite.
func TestOneChange(t *testing.T) {
	opposite := map[diff.Kind]diff.Kind{
		diff.Slower: diff.Faster, diff.FailureGained: diff.FailureLost, diff.HandlerGained: diff.HandlerLost,
		diff.ProcessGained: diff.ProcessLost, diff.Exit: diff.Exit, diff.Order: diff.Order, diff.Fault: diff.Fault,
	}
	for _, e := range edits {
		t.Run(e.name, func(t *testing.T) {
			tried := 0
			for seed := range uint64(400) {
				r := rand.New(rand.NewPCG(seed, 2))
				before := invent(r, 2+r.IntN(30))
				after := before.clone()
				where, i := pick(r, after, e)
				if where == nil {
					continue
				}
				tried++
				e.do(where, i)
				a, b := run(r, before, false), run(r, after, false)
				e.check(t, seed, diff.Compare(a, b), e.kind, where.name)
				back := e
				back.effects = append([]diff.Kind{diff.FailureLost}, e.effects...)
				back.check(t, seed, diff.Compare(b, a), opposite[e.kind], where.name)
			}
			if tried < 100 {
				t.Errorf("only %d tries", tried)
			}
		})
	}
}

// pick finds a handler for an edit. What waits for children is left alone: a
// parent that does not wait has more effects than one.
func pick(r *rand.Rand, root *proc, e edit) (*proc, int) {
	var ps []*proc
	for _, p := range root.all() {
		n := len(p.handlers)
		if len(p.kids) > 0 {
			n--
		}
		if n >= 2 && (e.name != "new process" || len(p.kids) > 0) {
			ps = append(ps, p)
		}
	}
	if len(ps) == 0 {
		return nil, 0
	}
	p := ps[r.IntN(len(ps))]
	n := len(p.handlers)
	if len(p.kids) > 0 {
		n--
	}
	return p, r.IntN(n)
}

func (e edit) check(t *testing.T, seed uint64, d diff.Diff, kind diff.Kind, process string) {
	t.Helper()
	if len(d.Changes) != 1 {
		t.Fatalf("seed %d, %s: %d changes\n%s", seed, process, len(d.Changes), d)
	}
	c := d.Changes[0]
	leaf := c.Path[strings.LastIndexByte(c.Path, '/')+1:]
	if leaf, _, _ = strings.Cut(leaf, "#"); leaf != process && leaf != "new" || c.Kind != kind {
		t.Fatalf("seed %d: want %s of %s\n%s", seed, kind, process, d)
	}
	for _, x := range c.Effects {
		ok := false
		for _, k := range e.effects {
			ok = ok || x.Kind == k
		}
		if !ok {
			t.Fatalf("seed %d: an effect %s\n%s", seed, x, d)
		}
	}
	if (c.Injected != "") != (e.name == "delay" || e.name == "fail" || e.name == "skip" || e.name == "exit" || e.name == "harmless") {
		t.Fatalf("seed %d: injected %q\n%s", seed, c.Injected, d)
	}
}

func read(t *testing.T, events string) *tree.Tree {
	t.Helper()
	var list []tree.Event
	for line := range strings.Lines(events) {
		var e tree.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		e.Seq = uint64(len(list) + 1)
		list = append(list, e)
	}
	return tree.Fold(list)
}

// What hangs is the cause of what befalls its process, its parent and its children.
func TestCauses(t *testing.T) {
	const start = `{"t":1,"kind":"spawn","node":"0","name":"main"}
{"t":2,"kind":"hello","node":"0","name":"main"}
{"t":3,"kind":"register","node":"0","id":"h1","handler":"close"}
{"t":4,"kind":"register","node":"0","id":"h2","handler":"stop kid"}
{"t":5,"kind":"spawn","node":"0.0","name":"kid"}
{"t":6,"kind":"hello","node":"0.0","name":"kid"}
{"t":7,"kind":"register","node":"0.0","id":"h1","handler":"old"}
{"t":8,"kind":"register","node":"0.0","id":"h2","handler":"new"}
{"t":9,"kind":"spawn","node":"0.0.0","name":"grandkid"}
{"t":1000,"kind":"signal","node":"0","sig":"SIGTERM"}
{"t":1001,"kind":"deliver","node":"0","sig":"SIGTERM"}
{"t":1002,"kind":"begin","node":"0","id":"h2"}
{"t":1003,"kind":"wait","node":"0","id":"h2","text":"0.0"}
{"t":1004,"kind":"deliver","node":"0.0","sig":"SIGTERM"}
{"t":1005,"kind":"begin","node":"0.0","id":"h2"}
`
	well := read(t, start+`{"t":50000000,"kind":"exit","node":"0.0.0","code":0}
{"t":100000000,"kind":"end","node":"0.0","id":"h2","elapsed":100000000}
{"t":100000001,"kind":"begin","node":"0.0","id":"h1"}
{"t":100000002,"kind":"end","node":"0.0","id":"h1","elapsed":1}
{"t":100000003,"kind":"leave","node":"0.0","sig":"SIGTERM"}
{"t":100000004,"kind":"exit","node":"0.0","sig":"SIGTERM"}
{"t":100000005,"kind":"end","node":"0","id":"h2","elapsed":100000000}
{"t":100000006,"kind":"begin","node":"0","id":"h1"}
{"t":100000007,"kind":"end","node":"0","id":"h1","elapsed":1}
{"t":100000008,"kind":"leave","node":"0","sig":"SIGTERM"}
{"t":100000009,"kind":"exit","node":"0","sig":"SIGTERM"}`)
	ill := read(t, start+`{"t":5000000000,"kind":"exit","node":"0.0","sig":"SIGKILL"}
{"t":5000000001,"kind":"orphan","node":"0.0.0"}
{"t":5000000002,"kind":"end","node":"0","id":"h2","elapsed":5000000000,"err":"process 77 had to be killed after 5s"}
{"t":5000000003,"kind":"begin","node":"0","id":"h1"}
{"t":5000000004,"kind":"end","node":"0","id":"h1","elapsed":1,"err":"disk full"}
{"t":5000000005,"kind":"leave","node":"0","sig":"SIGTERM"}
{"t":5000000006,"kind":"exit","node":"0","sig":"SIGTERM"}
{"t":9000000006,"kind":"exit","node":"0.0.0","code":0}
{"t":9000000007,"kind":"eof"}`)
	d := diff.Compare(well, ill)
	want := `before  SIGTERM, 3 processes, 4 handlers, 100ms
after   SIGTERM, 3 processes, 4 handlers, 9.00s
main/kid: new: ok -> lost while it ran
    so main/kid: SIGTERM -> killed
    so main/kid: old: ok -> never ran
    so main: stop kid: ok -> failed: process 77 had to be killed after 5s
    so main/kid/grandkid: gone before its parent -> orphaned
main: close: ok -> failed: disk full
`
	if d.String() != want {
		t.Errorf("got\n%swant\n%s", d, want)
	}
	if j, err := json.Marshal(d); err != nil || !strings.Contains(string(j), `"effects":[{"kind":"exit","path":"main/kid","nodeA":"0.0","nodeB":"0.0","before":"SIGTERM","after":"killed"}`) {
		t.Errorf("%s, %v", j, err)
	}
}

// What is near a change and is none.
func TestNoChange(t *testing.T) {
	const start = `{"t":1,"kind":"spawn","node":"0","name":"main"}
{"t":3,"kind":"register","node":"0","id":"h1","handler":"a"}
`
	const stop = `{"t":1000000000,"kind":"signal","node":"0","sig":"SIGTERM"}
`
	end := func(err, elapsed string) string {
		return `{"t":1000002000,"kind":"begin","node":"0","id":"h1"}
{"t":1000002001,"kind":"end","node":"0","id":"h1","elapsed":` + elapsed + `,"err":"` + err + `"}
{"t":1000002002,"kind":"exit","node":"0","sig":"SIGTERM"}
`
	}
	for name, c := range map[string][2]string{
		"a pid in an error":  {start + stop + end("pid 17 is busy", "1"), start + stop + end("pid 204 is busy", "1")},
		"below the absolute": {start + stop + end("", "1000"), start + stop + end("", "100000000")},
		"below the relative": {start + stop + end("", "1000000000"), start + stop + end("", "1240000000")},
		"a short process before": {start + `{"t":10,"kind":"spawn","node":"0.0","name":"ls"}
{"t":900000000,"kind":"exit","node":"0.0","code":0}
` + stop + end("", "1"), start + stop + end("", "1")},
		"an unseen status": {start + stop + end("", "1"), start + stop + strings.Replace(end("", "1"), `,"sig":"SIGTERM"`, "", 1)},
		"taken back": {start + stop + end("", "1"), start + `{"t":4,"kind":"register","node":"0","id":"h2","handler":"b"}
{"t":5,"kind":"unregister","node":"0","id":"h2"}
` + stop + end("", "1")},
	} {
		if d := diff.Compare(read(t, c[0]), read(t, c[1])); len(d.Changes) > 0 {
			t.Errorf("%s: %s", name, d)
		}
	}
	more := diff.Threshold{Relative: 0.2, Absolute: time.Millisecond}
	if d := more.Compare(read(t, start+stop+end("", "1000000")), read(t, start+stop+end("", "3000000"))); len(d.Changes) != 1 || d.Changes[0].By != 2*ms {
		t.Errorf("with a smaller threshold: %s", d)
	}
}

// What is done at the end about those that were left over belongs to the shutdown.
func TestLeftovers(t *testing.T) {
	r := read(t, `{"t":1,"kind":"spawn","node":"0","name":"main"}
{"t":2,"kind":"spawn","node":"0.0","name":"kid"}
{"t":1000000000,"kind":"signal","node":"0","sig":"SIGTERM","sender":"multiexit"}
{"t":2000000000,"kind":"exit","node":"0","sig":"SIGTERM"}
{"t":2500000000,"kind":"signal","node":"0.0","sig":"SIGKILL","sender":"multiexit"}
{"t":3000000000,"kind":"exit","node":"0.0","sig":"SIGKILL"}`)
	if got, want := diff.Compare(r, r).After.String(), "SIGTERM, 2 processes, 0 handlers, 2.00s"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A real recording is the same as itself; no recording at all makes no trouble.
func TestRecording(t *testing.T) {
	f, err := os.Open("../../docs/shop.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := tape.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	whole := tree.Fold(r.Events)
	if d := diff.Compare(whole, whole); len(d.Changes) > 0 || d.After.Processes != 26 {
		t.Errorf("%s", d)
	}
	for i := range r.Events { // any two states, each way
		part := tree.Fold(r.Events[:i])
		if s := diff.Compare(part, whole).String() + diff.Compare(whole, part).String(); s == "" {
			t.Error("no words")
		}
	}
	if d := diff.Compare(new(tree.Tree), new(tree.Tree)); len(d.Changes) > 0 || d.Changes == nil {
		t.Errorf("%s", d)
	}
}

// A shutdown that begins while the program starts is one change, not one for each
// handler that was not registered yet.
func TestEarly(t *testing.T) {
	const born = `{"t":1,"kind":"spawn","node":"0","name":"main"}
{"t":2,"kind":"register","node":"0","id":"h1","handler":"wait"}
{"t":3,"kind":"spawn","node":"0.0","name":"a"}
{"t":4,"kind":"spawn","node":"0.1","name":"b"}
`
	const registered = `{"t":5,"kind":"hello","node":"0.0","name":"a"}
{"t":6,"kind":"register","node":"0.0","id":"h1","handler":"x"}
{"t":7,"kind":"register","node":"0.0","id":"h2","handler":"y"}
{"t":8,"kind":"hello","node":"0.1","name":"b"}
{"t":9,"kind":"register","node":"0.1","id":"h1","handler":"z"}
{"t":10,"kind":"spawn","node":"0.1.0","name":"c"}
`
	const stop = `{"t":1000000000,"kind":"signal","node":"0","sig":"SIGTERM"}
{"t":1000000001,"kind":"signal","node":"0.0","sig":"SIGTERM"}
{"t":1000000002,"kind":"signal","node":"0.1","sig":"SIGTERM"}
`
	const gone = `{"t":2000000000,"kind":"exit","node":"0.0","sig":"SIGTERM"}
{"t":2000000001,"kind":"exit","node":"0.1","sig":"SIGTERM"}
{"t":2000000002,"kind":"exit","node":"0","sig":"SIGTERM"}
{"t":2000000003,"kind":"eof"}
`
	const ran = `{"t":1000000003,"kind":"begin","node":"0.0","id":"h2"}
{"t":1100000003,"kind":"end","node":"0.0","id":"h2","elapsed":100000000}
{"t":1100000004,"kind":"begin","node":"0.0","id":"h1"}
{"t":1900000000,"kind":"end","node":"0.0","id":"h1","elapsed":800000000}
{"t":1000000003,"kind":"begin","node":"0.1","id":"h1"}
{"t":1900000000,"kind":"end","node":"0.1","id":"h1","elapsed":900000000}
{"t":1950000000,"kind":"exit","node":"0.1.0","sig":"SIGTERM"}
`
	well, early := read(t, born+registered+stop+ran+gone), read(t, born+stop+gone)
	d := diff.Compare(well, early)
	want := `when the shutdown began all had registered their handlers -> 2 processes had not registered their handlers yet
    so main/b/c: this process is no more: SIGTERM
    so main/a: asked to end while it started: 2 handlers registered -> none yet
    so main/b: asked to end while it started: 1 handler registered -> none yet
`
	if _, got, _ := strings.Cut(d.String()[strings.IndexByte(d.String(), '\n')+1:], "\n"); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if back := diff.Compare(early, well); len(back.Changes) != 1 || back.Changes[0].Kind != diff.Early {
		t.Errorf("the way back: %s", back)
	}
	const late = `{"t":3000000000,"kind":"signal","node":"0.0","sig":"SIGTERM"}
`
	if d := diff.Compare(well, read(t, born+late+gone)); len(d.Changes) > 0 && d.Changes[0].Kind == diff.Early {
		t.Errorf("a program without handlers is none that is early: %s", d)
	}
}
