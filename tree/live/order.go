package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"multiexit/tree"
)

const maxOrder = 4 << 10 // bytes of the line of one

// order is a word of the observer's side of the protocol; see exitreg.
type order struct {
	Do      string `json:"do"`
	Handler string `json:"handler,omitzero"`
	ID      string `json:"id,omitzero"`
	On      string `json:"on,omitzero"`
	Sig     string `json:"sig,omitzero"`
	Fault   string `json:"fault,omitzero"`
	NS      int64  `json:"ns,omitzero"`
	Code    int    `json:"code,omitzero"`
}

func parseOrder(line string) (o order, err error) {
	if len(line) > maxOrder {
		return o, fmt.Errorf("an order of more than %d KiB", maxOrder>>10)
	}
	if json.Unmarshal([]byte(line), &o) != nil {
		return o, errors.New(`an order has to be a JSON object, as {"do":"hold"}`)
	}
	if o.On == "handler" {
		o.On = ""
	}
	if o.On == "signal" && strings.Trim(o.Sig, "*") == "" {
		o.Sig = "" // any, however it is written: it is taken back by either
	}
	if o.Sig != "" && !strings.ContainsAny(o.Sig, "*?") {
		sig, err := ParseSignal(o.Sig)
		if err != nil {
			return o, err
		}
		o.Sig = SignalName(sig)
	}
	return o, o.check()
}

// check says what is wrong with an order.
func (o *order) check() error {
	whole := o.Handler == "" && o.ID == ""
	switch o.Do {
	case "hold", "release":
		if o.On != "" && o.On != "signal" && o.On != "exit" {
			return fmt.Errorf("%s: not on %.40q (there are: handler, signal, exit)", o.Do, o.On)
		}
		if o.Sig == "SIGKILL" || o.Sig == "SIGSTOP" {
			return fmt.Errorf("%s: nothing can be held at %s", o.Do, o.Sig)
		}
	case "fault":
		switch {
		case o.Fault == "ignore" && !whole:
			return errors.New("the fault ignore is one of a process, not of a handler")
		case whole && o.Fault != "ignore" && o.Fault != "stop" && o.Fault != "none":
			return fmt.Errorf("the fault %.40q is one of handlers: of which? (of a process there are: ignore, stop, none)", o.Fault)
		}
	case "step", "pace":
	default:
		return fmt.Errorf("no such order: %.40q (there are: hold, release, step, pace, fault)", o.Do)
	}
	return nil
}

// whole says that it is about a process and not about some of its handlers, or a
// breakpoint.
func (o *order) whole() bool { return o.Handler == "" && o.ID == "" && o.On == "" }

// ofProcess says that it is done here, to the process as a whole.
func (o *order) ofProcess() bool { return o.Do == "fault" && o.Fault == "stop" && o.whole() }

// means says that an order is about a handler.
func (o *order) meansHandler(name, id string) bool {
	return (o.ID == "" || o.ID == id) && (o.Handler == "" || tree.Glob(o.Handler, name))
}

// meansSignal says that an order is about a signal.
func (o *order) meansSignal(sig string) bool {
	return o.Sig == "" || tree.Glob(o.Sig, sig) || tree.Glob(o.Sig, strings.TrimPrefix(sig, "SIG"))
}

// String is an order in words: "hang flush-wal", "hold at signal SIGTERM".
func (o *order) String() string {
	aim, what := o.Handler+o.ID, o.Do
	if o.On != "" {
		aim = o.On
	}
	if o.Sig != "" {
		aim = strings.TrimSpace(aim + " " + o.Sig)
	}
	switch {
	case o.Do == "pace":
		what += " " + time.Duration(o.NS).String()
	case o.Do == "hold" && aim != "":
		what = "hold at"
	case o.Do == "fault" && o.Fault == "none":
		what = "no fault"
		if aim != "" {
			what += " in"
		}
	case o.Do == "fault":
		what = o.Fault
	}
	what = strings.TrimSpace(what + " " + aim)
	switch {
	case o.Fault == "delay":
		what += " by " + time.Duration(o.NS).String()
	case o.Fault == "kill" && o.NS > 0:
		what += " after " + time.Duration(o.NS).String()
	case o.Fault == "exit":
		what += fmt.Sprintf(" with %d", o.Code)
	}
	return clean(what, maxName)
}
