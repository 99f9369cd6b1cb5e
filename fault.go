package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"multiexit/tree"
	"multiexit/tree/spec"
)

// fault is one --fault: what shall go wrong in the processes that a pattern means, or
// in those of their handlers that a glob matches.
type fault struct {
	arg     string // as it was written
	pattern string
	order   order
}

// faults is the repeatable flag --fault.
type faults []fault

func (f *faults) String() string { return "" }
func (f *faults) Type() string   { return "PROC[/HANDLER]=KIND[:ARG]" }

func (f *faults) Set(arg string) error {
	one, err := parseFault(arg)
	if err == nil && one.order.Fault == "none" {
		err = &badValue{"there is no fault to take back yet", "none is for multiexit ctl fault"}
	}
	if err != nil {
		return err
	}
	*f = append(*f, one)
	return nil
}

const faultForm = "write PROC/HANDLER=KIND[:ARG], as in 'db-writer/flush-wal=hang' or 'worker-*/*=delay:2s', or PROC=ignore, PROC=stop, PROC=kill"

var faultKinds = []string{"hang", "delay", "fail", "panic", "skip", "exit", "kill", "stop", "ignore", "none"}

// parseFault reads PROC[/HANDLER]=KIND[:ARG]. The name of a command may hold a
// slash, one of a handler hardly does: the last one counts. To ignore signals is
// nothing that a handler can do.
func parseFault(arg string) (f fault, err error) {
	f = fault{arg: arg, order: order{Do: "fault"}}
	eq := strings.LastIndexByte(arg, '=')
	if eq < 0 {
		return f, &badValue{"no fault", faultForm}
	}
	if err := f.order.parse(arg[eq+1:]); err != nil {
		return f, err
	}
	f.pattern = arg[:eq]
	slash := strings.LastIndexByte(f.pattern, '/')
	switch {
	case f.order.Fault == "ignore" || slash < 0 && f.pattern != "" && f.order.ofProcess():
	case slash < 0 && f.pattern != "":
		return f, &badValue{"no handler", f.order.Fault + " is for handlers: " + faultForm}
	case slash < 0 || slash == 0:
		return f, &badValue{"no process", faultForm}
	case slash == eq-1:
		return f, &badValue{"no handler", faultForm}
	default:
		f.pattern, f.order.Handler = arg[:slash], arg[slash+1:eq]
	}
	if f.pattern == "" {
		return f, &badValue{"no process", faultForm}
	}
	if err := checkPattern(f.pattern); err != nil {
		return f, &badValue{"not a pid", "write pid:1234" + strings.TrimPrefix(arg, f.pattern)}
	}
	if f.order.Fault == "kill" && f.order.Handler == "" {
		f.order.Handler = "*" // in whichever comes first
	}
	return f, nil
}

// ofProcess says that a fault can be one of a process as a whole.
func (o *order) ofProcess() bool {
	switch o.Fault {
	case "ignore", "stop", "kill", "none":
		return true
	}
	return false
}

// orders are what has to be said for a fault. To leave a process alone is to leave
// its handlers alone, too.
func (f *fault) orders() []order {
	if f.order.Fault == "none" && f.order.Handler == "" {
		return []order{f.order, {Do: "fault", Handler: "*", Fault: "none"}}
	}
	return []order{f.order}
}

// parse reads KIND[:ARG].
func (o *order) parse(text string) (err error) {
	kind, arg, has := strings.Cut(text, ":")
	o.Fault = kind
	switch kind {
	case "delay":
		if !has {
			return &badValue{"how long?", "write delay:2s"}
		}
		o.NS, err = parseDuration(arg)
		return err
	case "kill":
		if has {
			o.NS, err = parseDuration(arg)
		}
		return err
	case "ignore":
		if !has {
			return nil // any
		}
		o.Sig, err = signalGlob(arg)
		return err
	case "exit":
		if o.Code, err = strconv.Atoi(arg); err != nil || o.Code < 0 || o.Code > 255 {
			return &badValue{"not an exit status", "write exit:3; 0 to 255"}
		}
		return nil
	case "hang", "fail", "panic", "skip", "stop", "none":
		if has {
			return &badValue{kind + " has nothing behind it", "delay:2s, exit:3, kill:500ms and ignore:INT have"}
		}
		return nil
	}
	return &badValue{"no such fault", spec.DidYouMean(kind, faultKinds)}
}

// missed is what is wrong with a fault that no handler of t was meant by, or only
// such as began before their process knew of it; nil if it got where it should,
// whether or not that had its turn.
func (f *fault) missed(t *tree.Tree) error {
	meant := meantBy(f.pattern, t)
	if len(meant) == 0 {
		_, err := t.Select(f.pattern)
		return err
	}
	if f.order.Handler == "" {
		return f.order.foreign(meant)
	}
	var there []string
	late := ""
	for _, n := range meant {
		for _, h := range n.Handlers() {
			there = append(there, h.Name)
			if h.Name != f.order.Handler && !tree.Glob(f.order.Handler, h.Name) {
				continue
			}
			if !h.Began || h.Fault != "" {
				return nil
			}
			late = h.Name
		}
	}
	if late != "" {
		return fmt.Errorf("%s began before its process could be told (it lived too short)", late)
	}
	return noHandler(f.order.Handler, there)
}

// meantBy are the processes that a pattern of an order means.
func meantBy(pattern string, t *tree.Tree) (list []*tree.Node) {
	for _, n := range t.Nodes {
		command := ""
		if n.Command != nil {
			command = n.Command.Name
		}
		if tree.Meant(pattern, n.ID, n.Name, n.Script(), command, n.PID) {
			list = append(list, n)
		}
	}
	return list
}

// foreign is the error of an order that only a process that reports can obey.
func (o *order) foreign(meant []*tree.Node) error {
	what := ""
	switch {
	case o.Fault == "ignore":
		what = "made to ignore signals"
	case o.On == "exit":
		what = "held at its exit"
	default:
		return nil
	}
	for _, n := range meant {
		if n.Reports {
			return nil
		}
	}
	return fmt.Errorf("%s (pid %d) cannot be %s: it does not import exitreg, and nobody is traced (ptrace)", tree.Clean(meant[0].Name), meant[0].PID, what)
}

// noHandler is the error of a handler that is none of those there are.
func noHandler(name string, there []string) error {
	if len(there) == 0 && name == "*" {
		return errors.New("no handler there (none has registered: only programs that import exitreg have handlers)")
	}
	if len(there) == 0 {
		return fmt.Errorf("no handler %q (none has registered there: only programs that import exitreg have handlers)", name)
	}
	return fmt.Errorf("no handler %q (%s)", name, spec.DidYouMean(name, unique(there)))
}

func unique(names []string) (list []string) {
	seen := map[string]bool{}
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			list = append(list, name)
		}
	}
	return list
}
