package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"multiexit/tree"
)

const (
	maxOrders = 1000    // standing at a time, as many as a process takes
	maxOrder  = 4 << 10 // bytes of the line of one
)

// order is a word of the observer's side of the protocol; see exitreg.
type order struct {
	Do      string `json:"do"`
	Handler string `json:"handler,omitzero"`
	ID      string `json:"id,omitzero"`
	Fault   string `json:"fault,omitzero"`
	NS      int64  `json:"ns,omitzero"`
	Code    int    `json:"code,omitzero"`
}

// standingOrder is an order for all that match, those to come included.
type standingOrder struct {
	order
	pattern string
}

// Order gives a line of the observer's side of the protocol, such as
// {"do":"hold"}, to every process that reports and that the pattern means: a path
// id, a name, the name of a command or of a group of them (their own processes),
// a glob over these, or pid:N. It stands for those to come, too: each is written to
// with its hello. Nobody waits for an observer, so a process whose handlers begin
// within a millisecond or so of that has them behind it when it reads. The newest of
// several for the same pattern and handlers counts. What takes one back (a release,
// the fault none, a pace of nothing) takes back that of its pattern; that of "*",
// all of them. A step is for those that wait before a handler, and does not stand;
// that there are none is an error. Notes tell who got what.
func (s *Session) Order(pattern, line string) error {
	o, err := parseOrder(line)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	one := &standingOrder{o, pattern}
	if err := s.keep(one); err != nil {
		return err
	}
	stepped := 0
	for _, p := range s.live {
		if len(p.conns) == 0 || !p.reports || !one.means(p) || one.Do == "step" && !p.held {
			continue
		}
		if s.give(p.conns[len(p.conns)-1], one) {
			stepped++
		}
	}
	if one.Do == "step" && stepped == 0 {
		return errors.New("step: nobody waits before a handler (hold them first; they wait when a signal has come)")
	}
	return nil
}

func parseOrder(line string) (o order, err error) {
	if len(line) > maxOrder {
		return o, fmt.Errorf("an order of more than %d KiB", maxOrder>>10)
	}
	if json.Unmarshal([]byte(line), &o) != nil {
		return o, errors.New(`an order has to be a JSON object, as {"do":"hold"}`)
	}
	switch o.Do {
	case "hold", "release", "step", "pace", "fault":
		return o, nil
	}
	return o, fmt.Errorf("no such order: %.40q (there are: hold, release, step, pace, fault)", o.Do)
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
		return old.Do == does && old.Handler == one.Handler && old.ID == one.ID &&
			(old.pattern == one.pattern || ends && one.pattern == "*")
	})
	switch {
	case ends:
	case len(s.orders) >= maxOrders:
		return fmt.Errorf("more than %d orders", maxOrders)
	default:
		s.orders = append(s.orders, one)
	}
	return nil
}

func (o *standingOrder) means(p *proc) bool {
	command := ""
	if p == p.top && p.command != nil {
		command = p.command.Name
	}
	return tree.Meant(o.pattern, p.id, p.name, command, p.pid)
}

// brief gives a peer that has said hello the orders that it has not got yet: with
// the hello of Install it may have another name.
func (s *Session) brief(c *conn) {
	for _, one := range s.orders {
		if !slices.Contains(c.orders, one) && one.means(c.p) {
			s.give(c, one)
		}
	}
}

// give writes an order to a peer and tells of it. A step tells of itself.
func (s *Session) give(c *conn, one *standingOrder) bool {
	line, err := json.Marshal(one.order)
	if err == nil {
		err = s.write(c, string(line)+"\n")
	}
	if one.Do == "step" {
		c.p.held = c.p.held && err != nil // until it says so again
		return err == nil
	}
	c.orders = append(c.orders, one)
	s.passOn() // the hello comes first
	if err != nil {
		s.note(c.p, "disobeyed", "not ordered: %s: %v", one, err)
		return false
	}
	s.note(c.p, "ordered "+c.p.id, "ordered: %s", one)
	return true
}

// String is an order in words: "hang flush-wal".
func (o order) String() string {
	aim, what := o.Handler+o.ID, o.Do
	switch {
	case o.Do == "pace":
		what += " " + time.Duration(o.NS).String()
	case o.Do == "hold" && aim != "":
		what = "hold at"
	case o.Do == "fault" && o.Fault == "none":
		what = "no fault in"
	case o.Do == "fault":
		what = o.Fault
	}
	what = strings.TrimSpace(what + " " + aim)
	switch o.Fault {
	case "delay":
		what += " by " + time.Duration(o.NS).String()
	case "exit":
		what += fmt.Sprintf(" with %d", o.Code)
	}
	return clean(what, maxName)
}
