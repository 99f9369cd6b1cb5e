package live

import (
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// proclaim tells the stream of an order that stands from now on, or no longer:
// every screen shall know, and every recording.
func (s *Session) proclaim(kind exitreg.Kind, o *standingOrder) {
	e := tree.Event{
		Kind: kind, T: s.now(), Scope: clean(o.pattern, maxName), Text: o.word(),
		Handler: clean(o.Handler, maxName), ID: clean(o.ID, 64), Sig: clean(o.Sig, 32),
	}
	if o.On == "signal" && o.Sig == "" {
		e.Sig = "*"
	}
	if kind == exitreg.KindOrder {
		e.Timeout = time.Duration(max(o.NS, 0))
		if o.Fault == "exit" {
			code := o.Code
			e.Code = &code
		}
	}
	s.push(&e)
}

// word is what the stream calls an order by.
func (o *order) word() string {
	switch {
	case o.Do == "fault":
		return clean(o.Fault, 32)
	case o.Do == "hold" && o.On != "":
		return "break"
	}
	return o.Do
}
