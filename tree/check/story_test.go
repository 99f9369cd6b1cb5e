package check_test

import (
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

const ms = time.Millisecond

// story writes a stream by hand, with a clock of its own.
type story struct {
	now    time.Duration
	events []tree.Event
}

func (s *story) after(d time.Duration) *story {
	s.now += d
	return s
}

func (s *story) see(kind exitreg.Kind, node string, with func(*tree.Event)) *story {
	e := tree.Event{Kind: kind, Node: node, T: s.now}
	if with != nil {
		with(&e)
	}
	s.events = append(s.events, e)
	return s
}

// spawn makes a process whose pid is 100 and the place in the story.
func (s *story) spawn(node, name string) *story {
	return s.see(exitreg.KindSpawn, node, func(e *tree.Event) { e.Name, e.PID = name, 100+len(s.events) })
}

func (s *story) effect(node, sig string, d tree.Disposition) *story {
	return s.see(exitreg.KindDisposition, node, func(e *tree.Event) { e.Sig, e.Text = sig, string(d) })
}

func (s *story) own(node, id, name string, timeout time.Duration) *story {
	return s.see(exitreg.KindRegister, node, func(e *tree.Event) {
		e.ID, e.Handler, e.Src, e.Timeout = id, name, "main.go:"+id, timeout
	})
}

// need declares what the handler registered last uses.
func (s *story) need(names ...string) *story {
	s.events[len(s.events)-1].Needs = names
	return s
}

func (s *story) fault(node, id, what string) *story {
	return s.see(exitreg.KindFault, node, func(e *tree.Event) { e.ID, e.Text = id, what })
}

func (s *story) asleep(node, in, on, where string) *story {
	return s.see(exitreg.KindAsleep, node, func(e *tree.Event) { e.Text, e.From, e.Err = in, on, where })
}

func (s *story) grace(node string, d time.Duration) *story {
	return s.see(exitreg.KindHello, node, func(e *tree.Event) { e.Timeout = d })
}

func (s *story) unbound(node, id, name, from string) *story {
	return s.see(exitreg.KindRegister, node, func(e *tree.Event) {
		e.ID, e.Handler, e.Shared, e.From, e.Text = id, name, true, from, "unbound"
	})
}

func (s *story) send(node, sig string) *story {
	return s.see(exitreg.KindSignal, node, func(e *tree.Event) { e.Sig, e.Sender = sig, "multiexit" })
}

// run begins the run of a process that got a signal.
func (s *story) run(node, sig string) *story {
	return s.see(exitreg.KindDeliver, node, func(e *tree.Event) { e.Sig = sig })
}

func (s *story) runs(node, text string, code int, err string) *story {
	return s.see(exitreg.KindDeliver, node, func(e *tree.Event) { e.Text, e.Code, e.Err = text, &code, err })
}

func (s *story) begin(node, id string) *story {
	return s.see(exitreg.KindBegin, node, func(e *tree.Event) { e.ID = id })
}

func (s *story) end(node, id, err string) *story {
	return s.see(exitreg.KindEnd, node, func(e *tree.Event) { e.ID, e.Err = id, err })
}

// does is a handler from its begin to its end.
func (s *story) does(node, id string, d time.Duration, err string) *story {
	return s.begin(node, id).after(d).end(node, id, err)
}

func (s *story) wait(node, id, on string) *story {
	return s.see(exitreg.KindWait, node, func(e *tree.Event) { e.ID, e.Text = id, on })
}

func (s *story) skip(node, id, why string) *story {
	return s.see(exitreg.KindSkip, node, func(e *tree.Event) { e.ID, e.Text = id, why })
}

func (s *story) rung(node, text, sig string, next time.Duration) *story {
	return s.see(exitreg.KindRung, node, func(e *tree.Event) { e.Text, e.Sig, e.Timeout = text, sig, next })
}

// hold stops it before a handler, at a signal, or at its exit.
func (s *story) hold(node, id, sig, at string) *story {
	return s.see(exitreg.KindHold, node, func(e *tree.Event) { e.ID, e.Sig, e.Text = id, sig, at })
}

func (s *story) release(node string) *story { return s.see(exitreg.KindRelease, node, nil) }

func (s *story) hear(node string) *story { return s.see(exitreg.KindHello, node, nil) }

// deafen is a fault that has a process ignore a signal.
func (s *story) deafen(node, sig string) *story {
	return s.see(exitreg.KindFault, node, func(e *tree.Event) { e.Text, e.Sig = "ignore", sig })
}

func (s *story) leave(node string) *story { return s.see(exitreg.KindLeave, node, nil) }

func (s *story) leaves(node string, code int) *story {
	return s.see(exitreg.KindLeave, node, func(e *tree.Event) { e.Code = &code })
}

func (s *story) exit(node string, code int) *story {
	return s.see(exitreg.KindExit, node, func(e *tree.Event) { e.Code = &code })
}

func (s *story) died(node, sig string) *story {
	return s.see(exitreg.KindExit, node, func(e *tree.Event) { e.Sig = sig })
}

func (s *story) plain(kind exitreg.Kind, node string) *story { return s.see(kind, node, nil) }

func (s *story) eof() *story { return s.see(exitreg.KindEOF, "", nil) }

func (s *story) tree() *tree.Tree { return tree.Fold(s.events) }

// one is a process with two handlers.
func one() *story {
	return new(story).spawn("0", "db").effect("0", "SIGTERM", tree.Caught).own("0", "h1", "close", 0).own("0", "h2", "flush", 0).after(time.Second)
}

// two is a parent that is asked, with a child that it waits for in its handler.
func two() *story {
	return new(story).spawn("0", "main").own("0", "h1", "stop", 0).spawn("0.0", "db").own("0.0", "h1", "flush", 0).after(time.Second).
		send("0", "SIGTERM").run("0", "SIGTERM")
}
