package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"multiexit/tree"
	"multiexit/tree/live"
	"multiexit/tree/spec"
	"multiexit/tree/supervise"
)

// order is a word of the observer's side of the protocol of exitreg.
type order struct {
	Do      string        `json:"do"`
	Handler string        `json:"handler,omitzero"`
	On      string        `json:"on,omitzero"`
	Sig     string        `json:"sig,omitzero"`
	Fault   string        `json:"fault,omitzero"`
	NS      time.Duration `json:"ns,omitzero"`
	Code    int           `json:"code,omitzero"`
}

func (o order) line() string {
	text, err := json.Marshal(o)
	if err != nil {
		panic(err) // of strings and numbers
	}
	return string(text)
}

// pace is a duration that a process takes as one.
type pace time.Duration

func (p *pace) String() string { return (*duration)(p).String() }
func (p *pace) Type() string   { return "DURATION" }

const maxPace = 10 * time.Second // exitreg cuts a longer one

func (p *pace) Set(s string) error {
	d, err := parseDuration(s)
	if err == nil && d > maxPace {
		err = &badValue{"too slow", fmt.Sprintf("up to %v", maxPace)}
	}
	*p = pace(d)
	return err
}

// hold is one --hold: where processes are to stop.
type hold struct {
	arg     string // as it was written
	pattern string
	order   order
}

// holds is the repeatable flag --hold.
type holds []hold

func (h *holds) String() string { return "" }
func (h *holds) Type() string   { return "WHERE" }

func (h *holds) Set(arg string) error {
	one, err := parseHold(arg)
	if err == nil {
		*h = append(*h, one)
	}
	return err
}

// bare says that the last --hold had no value.
func (h holds) bare() bool { return len(h) > 0 && h[len(h)-1].arg == "*" }

// takeBack takes back what was ordered by flags.
func (h holds) takeBack(s *supervise.Supervisor) {
	for _, one := range h {
		one.order.Do = "release"
		_ = s.Order(one.pattern, one.order.line()) // if it fails, there is the next rung
	}
}

const holdForm = "write --hold=PROC, --hold=PROC/HANDLER, --hold=PROC@SIGNAL, --hold=PROC@any or --hold=PROC@exit"

// parseHold reads PROC, PROC/HANDLER, PROC@SIGNAL, PROC@any or PROC@exit.
func parseHold(arg string) (h hold, err error) {
	h = hold{arg: arg, pattern: arg, order: order{Do: "hold"}}
	if at := strings.LastIndexByte(arg, '@'); at >= 0 {
		h.pattern = arg[:at]
		if where := arg[at+1:]; where == "exit" {
			h.order.On = "exit"
		} else if h.order.On = "signal"; where != "any" {
			h.order.Sig, err = signalGlob(where)
		}
	} else if slash := strings.LastIndexByte(arg, '/'); slash >= 0 {
		if h.pattern, h.order.Handler = arg[:slash], arg[slash+1:]; h.order.Handler == "" {
			return h, &badValue{"no handler", holdForm}
		}
	}
	switch {
	case err != nil:
		return h, err
	case h.pattern == "":
		return h, &badValue{"no process", holdForm}
	case checkPattern(h.pattern) != nil:
		return h, &badValue{"not a pid", "write pid:1234"}
	}
	return h, nil
}

// signalGlob reads the name of a signal, or a glob over names.
func signalGlob(text string) (string, error) {
	if text != "" && strings.ContainsAny(text, "*?") {
		return strings.ToUpper(text), nil
	}
	sig, err := live.ParseSignal(text)
	if err != nil {
		advice := "write TERM, INT or SIGHUP"
		if word := spec.Near(trimSIG(text), signalWords()); text != "" && word != "" {
			advice = "did you mean " + word + "?"
		}
		return "", &badValue{"not a signal", advice}
	}
	if name := live.SignalName(sig); name != "SIGKILL" && name != "SIGSTOP" {
		return name, nil
	}
	return "", &badValue{"nothing stands between a process and SIGKILL or SIGSTOP", "write TERM, INT or SIGHUP"}
}

// missed is what is wrong with a hold that nobody was meant by.
func (h *hold) missed(t *tree.Tree) error {
	if h.pattern == "*" {
		return nil
	}
	meant := meantBy(h.pattern, t)
	if len(meant) == 0 {
		_, err := t.Select(h.pattern)
		return err
	}
	if h.order.Handler == "" {
		return h.order.foreign(meant)
	}
	var there []string
	for _, n := range meant {
		for _, one := range n.Handlers() {
			if one.Name == h.order.Handler || tree.Glob(h.order.Handler, one.Name) {
				return nil
			}
			there = append(there, one.Name)
		}
	}
	return noHandler(h.order.Handler, there)
}

// orders are what the flags say that the processes shall do.
func (o *options) orders() (list []supervise.Order) {
	for _, f := range o.faults {
		for _, one := range f.orders() {
			list = append(list, supervise.Order{Pattern: f.pattern, Line: one.line()})
		}
	}
	if o.pace > 0 {
		list = append(list, supervise.Order{Pattern: "*", Line: order{Do: "pace", NS: time.Duration(o.pace)}.line()})
	}
	for _, h := range o.holds {
		list = append(list, supervise.Order{Pattern: h.pattern, Line: h.order.line()})
	}
	return list
}
