package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

const maxOrders = 1000 // standing at a time, as many as a process takes

// standingOrder is an order for all that match, those to come included.
type standingOrder struct {
	order
	pattern string
	told    bool // that it cannot be obeyed
}

// Order gives a line of the observer's side of the protocol, such as
// {"do":"hold"}, to every process that reports and that the pattern means: a path
// id, a name, the name of a command or of a group of them (their own processes),
// a glob over these, or pid:N. It stands for those to come, too: each is written to
// with its hello. A process of a command that was started while an order stood
// waits for that before its first handler (up to 80 ms). One that knew of none, and
// whose handlers begin within a millisecond or so of its hello, has them behind it
// when it reads; a note says so. Before each handler a process obeys what it has been
// told by then, so that an order that was given stands for a signal that is sent after
// it. The newest of several for the same pattern and aim
// counts. What takes one back (a release, the fault none, a pace of nothing) takes
// back that of its pattern; that of "*", all of them. A step is for those that are
// held, and does not stand; that there are none is an error. Notes tell who got what.
//
// A process that does not report has no handlers to be held at. It is stopped
// (SIGSTOP) before a signal of ours that asks it to end, where a hold or a breakpoint
// on that signal means it, and continued by a release or a step. Signals of others
// are not seen before they act. The fault stop is done to any process.
//
// While anybody is held the time of all ladders that are to end him stands, and so do
// the timeouts and graces of all that report.
func (s *Session) Order(pattern, line string) error {
	o, err := parseOrder(line)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	one := &standingOrder{order: o, pattern: pattern}
	if err := s.able(one); err != nil {
		return err
	}
	if err := s.keep(one); err != nil {
		return err
	}
	stepped := 0
	for _, p := range slices.Clone(s.live) {
		if one.means(p) && s.carryOut(p, one) {
			stepped++
		}
	}
	if len(s.live) > 0 {
		s.climb() // time may stand now, or go on
		s.poke()
	}
	if one.Do == "step" && stepped == 0 {
		return s.stepless(one)
	}
	return nil
}

// stepless is why a step is taken by nobody. Of two screens that step the same process
// at once the second comes too late.
func (s *Session) stepless(one *standingOrder) error {
	var meant []*proc
	held := false
	for _, p := range s.live {
		held = held || p.held || p.halted
		if one.means(p) {
			meant = append(meant, p)
		}
	}
	switch {
	case len(meant) == 1 && (held || meant[0].running):
		return fmt.Errorf("step: %s (pid %d) is not held: it was let go already, or runs on", meant[0].name, meant[0].pid)
	case held:
		return errors.New("step: none of these is held")
	}
	return errors.New("step: nobody is held (hold them first; they wait when a signal has come)")
}

// carryOut gives an order to a process that it means, or does it to it.
func (s *Session) carryOut(p *proc, one *standingOrder) bool {
	switch {
	case one.ofProcess():
		s.jam(p, one)
		return true
	case one.Do == "fault" && one.Fault == "none" && one.whole() && p.jammed:
		s.send(p, syscall.SIGCONT, "process")
	case p.halted && one.lets(s, p):
		return s.send(p, syscall.SIGCONT, "process") == nil
	case one.Do == "hold" && one.On != "exit" && one.Handler+one.ID == "" && !p.reports:
		s.tellForeign(p)
	}
	if !p.obeys() || one.Do == "step" && (!p.held || p.stepping) {
		return false
	}
	return s.give(p.conns[len(p.conns)-1], one)
}

// able says what is wrong with an order that can be meant for nobody but a process
// that cannot take it.
func (s *Session) able(one *standingOrder) error {
	const settled = time.Second // by then who reports has said so
	what := "held at its exit"
	switch {
	case one.Do == "hold" && one.On == "exit":
	case one.Do == "fault" && one.Fault == "ignore":
		what = "made to ignore signals"
	default:
		return nil
	}
	if strings.ContainsAny(one.pattern, "*?") {
		return nil // it may be for those to come
	}
	var foreign *proc
	for _, p := range s.live {
		switch {
		case !one.means(p):
		case p.reports || s.now()-p.born < settled:
			return nil
		default:
			foreign = p
		}
	}
	if foreign == nil {
		return nil
	}
	return fmt.Errorf("%s (pid %d) cannot be %s: it does not import exitreg, and nobody is traced (ptrace)", foreign.name, foreign.pid, what)
}

// keep makes an order stand in the place of that which it replaces, or takes
// others back.
func (s *Session) keep(one *standingOrder) error {
	does, ends := one.Do, false
	switch one.Do {
	case "step":
		return nil
	case "release":
		does, ends = "hold", true
	case "pace":
		ends = one.NS <= 0
	case "fault":
		ends = one.Fault == "none"
	}
	s.orders = slices.DeleteFunc(s.orders, func(old *standingOrder) bool {
		gone := old.Do == does && one.replaces(&old.order) && (old.pattern == one.pattern || ends && one.pattern == "*")
		if gone {
			s.proclaim(exitreg.KindRevoke, old)
		}
		return gone
	})
	switch {
	case ends:
	case len(s.orders) >= maxOrders:
		return fmt.Errorf("more than %d orders", maxOrders)
	default:
		s.orders, s.ordered = append(s.orders, one), true
		s.proclaim(exitreg.KindOrder, one)
	}
	return nil
}

// replaces says that o is about the same as an older order.
func (o *order) replaces(old *order) bool {
	if old.Handler != o.Handler || old.ID != o.ID {
		return false
	}
	if o.Do == "fault" && o.whole() { // those of a process go side by side
		return o.Fault == "none" || old.Fault == o.Fault && old.Sig == o.Sig
	}
	return old.On == o.On && old.Sig == o.Sig
}

func (o *standingOrder) means(p *proc) bool {
	command := ""
	if p == p.top && p.command != nil {
		command = p.command.Name
	}
	return tree.Meant(o.pattern, p.id, p.name, tree.Script(p.name, p.argv), command, p.pid)
}

// brief gives a peer that has said hello the orders that it has not got yet: with
// the hello of Install it may have another name. It may wait for the last word.
func (s *Session) brief(c *conn) {
	for _, one := range s.orders {
		switch {
		case !one.means(c.p):
		case one.ofProcess():
			s.jam(c.p, one)
		case !slices.Contains(c.orders, one):
			if s.give(c, one) {
				c.early = append(c.early, one)
			}
		}
	}
	if s.frozen {
		s.command(c, "freeze")
	}
	if s.ordered {
		s.command(c, "ready")
	}
}

// command writes a word that needs nothing beside it. A peer that does not take it
// is on its own.
func (s *Session) command(c *conn, word string) { _ = s.write(c, `{"do":"`+word+"\"}\n") }

// give writes an order to a peer and tells of it. A step tells of itself, and nobody
// has to know of what changes nothing.
func (s *Session) give(c *conn, one *standingOrder) bool {
	line, err := json.Marshal(one.order)
	if err == nil {
		err = s.write(c, string(line)+"\n")
	}
	if one.Do == "step" {
		c.p.stepping = err == nil // until it says where it is
		return err == nil
	}
	vain := one.Do == "release" && !c.bound(one)
	c.p.loosed = c.p.loosed || c.p.held && one.Do == "release"
	c.orders = append(c.orders, one)
	s.passOn() // the hello comes first
	if err != nil {
		s.note(c.p, "disobeyed", "not ordered: %s: %v", one, err)
		return false
	}
	if !vain {
		s.note(c.p, "ordered "+c.p.id, "ordered: %s", one)
	}
	return true
}

// bound says that a release changes something for a peer: it is held, or has a hold
// that this takes back.
func (c *conn) bound(release *standingOrder) bool {
	if c.p.held && !c.p.loosed {
		return true
	}
	for _, o := range slices.Backward(c.orders) {
		switch o.Do {
		case "hold", "release":
			if release.replaces(&o.order) {
				return o.Do == "hold"
			}
		}
	}
	return false
}

// obeys says that a process takes orders.
func (p *proc) obeys() bool { return p.reports && len(p.conns) > 0 }
