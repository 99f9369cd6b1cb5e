package tree_test

import (
	"fmt"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// story writes streams as an observer would see them, with a clock of its own.
type story struct {
	events []tree.Event
	now    time.Duration
	pid    int
	told   map[string]uint64 // per process
}

func newStory() *story { return &story{pid: 4000, told: map[string]uint64{}} }

// after lets time go by.
func (s *story) after(d time.Duration) *story {
	s.now += d
	return s
}

// see adds an event of the observer, tell one of the process itself.
func (s *story) see(e tree.Event) *story {
	e.Seq, e.T = uint64(len(s.events)+1), s.now
	s.events = append(s.events, e)
	return s
}

func (s *story) tell(e tree.Event) *story {
	s.told[e.Node]++
	e.N, e.Prov = s.told[e.Node], exitreg.ProvSelf
	return s.see(e)
}

func (s *story) spawn(node, name string, argv ...string) *story {
	s.pid++
	if argv == nil {
		argv = []string{name}
	}
	s.see(tree.Event{Kind: exitreg.KindSpawn, Node: node, PID: s.pid, Name: name, Argv: argv, Prov: exitreg.ProvScan})
	return s.after(ms)
}

// program is a process with a registry: it catches SIGTERM.
func (s *story) program(node, name string) *story {
	s.spawn(node, name)
	s.tell(tree.Event{Kind: exitreg.KindHello, Node: node, Name: name})
	return s.term(node, tree.Caught).after(ms)
}

func (s *story) term(node string, d tree.Disposition) *story {
	return s.see(tree.Event{Kind: exitreg.KindDisposition, Node: node, Sig: "SIGTERM", Text: string(d), Prov: exitreg.ProvScan})
}

// own, shared and inherited register handlers; the id of a handler is "h" and
// the count of those before it.
func (s *story) own(node, id, name string) *story {
	return s.tell(tree.Event{Kind: exitreg.KindRegister, Node: node, ID: id, Handler: name, Src: "main.go:12"})
}

func (s *story) shared(node, id, name string) *story {
	return s.tell(tree.Event{Kind: exitreg.KindRegister, Node: node, ID: id, Handler: name, Shared: true, From: node, Src: "main.go:7"})
}

func (s *story) inherited(node, id, name, from, text string) *story {
	return s.tell(tree.Event{Kind: exitreg.KindRegister, Node: node, ID: id, Handler: name, Shared: true, From: from, Text: text})
}

func (s *story) send(node, sig string) *story {
	return s.see(tree.Event{Kind: exitreg.KindSignal, Node: node, Sig: sig, Sender: "multiexit", Scope: "process", Prov: exitreg.ProvSelf}).after(ms / 10)
}

func (s *story) deliver(node, sig string) *story {
	return s.tell(tree.Event{Kind: exitreg.KindDeliver, Node: node, Sig: sig})
}

func (s *story) begin(node, id string) *story {
	return s.tell(tree.Event{Kind: exitreg.KindBegin, Node: node, ID: id})
}

func (s *story) end(node, id string, took time.Duration, err string) *story {
	return s.tell(tree.Event{Kind: exitreg.KindEnd, Node: node, ID: id, Elapsed: took, Err: err}).after(ms / 20)
}

// run is a handler from its begin to its end.
func (s *story) run(node, id string, takes time.Duration, err string) *story {
	return s.begin(node, id).after(takes).end(node, id, takes, err)
}

func (s *story) wait(node, id, on string) *story {
	return s.tell(tree.Event{Kind: exitreg.KindWait, Node: node, ID: id, Text: on})
}

func (s *story) skip(node, id, why string) *story {
	return s.tell(tree.Event{Kind: exitreg.KindSkip, Node: node, ID: id, Text: why})
}

// leave ends a run, and the process with it, by the signal that began it.
func (s *story) leave(node, sig string) *story {
	return s.tell(tree.Event{Kind: exitreg.KindLeave, Node: node, Sig: sig}).after(ms/10).died(node, sig)
}

// quit ends a run, and the process with it, with a status.
func (s *story) quit(node string, code int) *story {
	return s.tell(tree.Event{Kind: exitreg.KindLeave, Node: node, Code: &code}).after(ms/10).exit(node, code)
}

func (s *story) died(node, sig string) *story {
	return s.see(tree.Event{Kind: exitreg.KindExit, Node: node, Sig: sig, Prov: exitreg.ProvWait})
}

func (s *story) exit(node string, code int) *story {
	return s.see(tree.Event{Kind: exitreg.KindExit, Node: node, Code: &code, Prov: exitreg.ProvWait})
}

func (s *story) out(node, text string) *story {
	return s.see(tree.Event{Kind: exitreg.KindOut, Node: node, Text: text, Stream: "stdout"})
}

func (s *story) note(node, text string) *story {
	return s.see(tree.Event{Kind: exitreg.KindNote, Node: node, Text: text})
}

func (s *story) stop(node string) *story {
	return s.see(tree.Event{Kind: exitreg.KindStop, Node: node, Prov: exitreg.ProvScan})
}

func (s *story) cont(node string) *story {
	return s.see(tree.Event{Kind: exitreg.KindCont, Node: node, Prov: exitreg.ProvScan})
}

func (s *story) eof() []tree.Event {
	return s.after(ms).see(tree.Event{Kind: exitreg.KindEOF}).events
}

// stories are the streams that the goldens, the laws and the fuzzer start from.
var stories = []struct {
	name   string
	events func() []tree.Event
}{
	{"readme", readme},
	{"nested", nested},
	{"faulty", faulty},
	{"stubborn", stubborn},
	{"wide", func() []tree.Event { return wide(12, 3) }},
}

// readme: a main process and its child, which inherits a shared handler.
func readme() []tree.Event {
	s := newStory().program("0", "main")
	s.shared("0", "h1", "shared_exit").own("0", "h2", "clean_main")
	s.program("0.0", "SubProcess1").inherited("0.0", "h1", "shared_exit", "0", "").own("0.0", "h2", "subproc1_clean")
	s.out("0.0", "sub process is working").after(400 * ms)
	s.send("0", "SIGTERM").deliver("0", "SIGTERM").begin("0", "h2").send("0.0", "SIGTERM").wait("0", "h2", "0.0")
	s.deliver("0.0", "SIGTERM").run("0.0", "h2", 350*ms, "").run("0.0", "h1", 250*ms, "").leave("0.0", "SIGTERM")
	s.after(ms).end("0", "h2", 601*ms, "").run("0", "h1", 250*ms, "").leave("0", "SIGTERM")
	return s.eof()
}

// nested: a chain of four, the leaf with an inherited handler only.
func nested() []tree.Event {
	s := newStory().program("0", "main").shared("0", "h1", "shared_exit").own("0", "h2", "clean_main").own("0", "h3", "not_a_cleaner")
	s.tell(tree.Event{Kind: exitreg.KindUnregister, Node: "0", ID: "h3"})
	ids := []string{"0", "0.0", "0.0.0", "0.0.0.0"}
	for i, id := range ids[1:] {
		s.program(id, fmt.Sprintf("SubProcess%d", i+1)).inherited(id, "h1", "shared_exit", "0", "")
		if i < 2 {
			s.own(id, "h2", fmt.Sprintf("clean_subproc%d", i+1))
		}
	}
	s.after(300*ms).send("0", "SIGTERM")
	for i, id := range ids {
		s.deliver(id, "SIGTERM")
		if i < 3 {
			s.begin(id, "h2").wait(id, "h2", ids[i+1]).after(ms)
		}
	}
	for i := 3; i >= 0; i-- {
		if i < 3 {
			s.end(ids[i], "h2", time.Duration(3-i)*255*ms, "")
		}
		s.run(ids[i], "h1", 250*ms, "").leave(ids[i], "SIGTERM")
	}
	return s.eof()
}

// faulty: handlers that fail, panic, run out of time and are skipped, and a
// process that leaves without running any.
func faulty() []tree.Event {
	s := newStory().program("0", "main").own("0", "h1", "last").own("0", "h2", "fails").own("0", "h3", "panics")
	s.program("0.0", "slow").own("0.0", "h1", "never").own("0.0", "h2", "hangs").inherited("0.0", "h3", "metrics", "0", "unbound")
	s.program("0.1", "rude").own("0.1", "h1", "bypassed").shared("0.1", "h2", "bypassed too")
	s.program("0.2", "crash").own("0.2", "h1", "half")
	s.after(100*ms).exit("0.1", 4)
	s.after(50*ms).deliver("0.2", "").begin("0.2", "h1").after(ms).see(tree.Event{Kind: exitreg.KindExit, Node: "0.2", Sig: "SIGSEGV", Core: true, Prov: exitreg.ProvWait})
	s.send("0.0", "SIGTERM").deliver("0.0", "SIGTERM").run("0.0", "h2", 200*ms, "timeout: ran longer than 200ms")
	s.skip("0.0", "h1", "deadline").skip("0.0", "h3", "unbound").leave("0.0", "SIGTERM")
	s.after(ms).tell(tree.Event{Kind: exitreg.KindDeliver, Node: "0", Text: "exit", Code: new(int)})
	s.run("0", "h3", ms, "panic: assignment to entry in nil map").run("0", "h2", 2*ms, "disk full")
	s.own("0", "h4", "registered late").run("0", "h4", ms, "").run("0", "h1", ms, "").quit("0", 1)
	s.note("0", "the end")
	return s.eof()
}

// stubborn: what does not end when it is asked to, and how it ends then.
func stubborn() []tree.Event {
	s := newStory().spawn("0", "sh", "sh", "-c", "stubborn").term("0", tree.Default)
	s.spawn("0.0", "ignores").term("0.0", tree.Ignored).spawn("0.1", "blocks").term("0.1", tree.Blocked)
	s.program("0.2", "frozen").own("0.2", "h1", "thaw").stop("0.2")
	s.spawn("0.3", "sleep", "sleep", "1000").term("0.3", tree.Default).after(200 * ms)
	for _, id := range []string{"0.0", "0.1", "0.2", "0.3"} {
		s.send(id, "SIGTERM")
	}
	s.died("0.3", "SIGTERM").after(100*ms).note("0.2", "continued, so that it can end").send("0.2", "SIGCONT").cont("0.2")
	s.deliver("0.2", "SIGTERM").run("0.2", "h1", 5*ms, "").leave("0.2", "SIGTERM")
	s.send("0", "SIGTERM").died("0", "SIGTERM")
	for _, id := range []string{"0.0", "0.1"} {
		s.see(tree.Event{Kind: exitreg.KindOrphan, Node: id, Prov: exitreg.ProvScan})
	}
	s.after(500*ms).send("0.0", "SIGKILL").died("0.0", "SIGKILL")
	return s.eof() // and 0.1 lives on
}

// wide: many processes of a few handlers that all end at once.
func wide(processes, handlers int) []tree.Event {
	s := newStory().program("0", "main").shared("0", "h0", "flush")
	for i := range processes {
		id := fmt.Sprintf("0.%d", i)
		s.program(id, fmt.Sprintf("worker-%d", i)).inherited(id, "h0", "flush", "0", "")
		for h := range handlers {
			s.own(id, fmt.Sprintf("h%d", h+1), fmt.Sprintf("close-%d", h+1))
		}
	}
	for i := range processes {
		s.send(fmt.Sprintf("0.%d", i), "SIGTERM").deliver(fmt.Sprintf("0.%d", i), "SIGTERM")
	}
	for h := handlers; h >= 0; h-- { // in step, so that the processes interleave
		for i := range processes {
			s.begin(fmt.Sprintf("0.%d", i), fmt.Sprintf("h%d", h))
		}
		for i := range processes {
			s.after(ms).end(fmt.Sprintf("0.%d", i), fmt.Sprintf("h%d", h), time.Duration(processes)*ms, "")
		}
	}
	for i := range processes {
		s.leave(fmt.Sprintf("0.%d", i), "SIGTERM")
	}
	return s.eof()
}
