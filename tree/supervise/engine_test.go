package supervise

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/live"
	"multiexit/tree/spec"
)

// play is what a process of the fake does. The zero play runs until it is asked
// to end, and then ends at once.
type play struct {
	err   error         // it cannot be started
	life  time.Duration // until it exits by itself; 0: it does not
	code  int           // its exit status then
	term  time.Duration // from the stop signal to its end; negative: only SIGKILL ends it
	tail  time.Duration // from its end to that of its children; negative: they have to be stopped
	line  string        // what it says ...
	after time.Duration // ... and when
	hook  string        // an exit handler that it registers at once
}

// fake is an engine without processes. Its clock is that of a synctest bubble.
type fake struct {
	tap   func(*tree.Event)
	keep  bool
	plays func(name string, n int) play // n counts the starts of that name

	mu       sync.Mutex
	next     int
	starts   map[string]int
	procs    map[string]*process
	commands []live.Command
	stops    []live.StopOptions
	calls    []string
	events   []tree.Event
	began    time.Time
	released bool
	over     chan struct{}
	ended    bool
}

type process struct {
	play
	node, name     string
	exited, gone   bool
	code           int
	sig            string
	emptied        chan struct{}
	ladder, killed bool
	kill           *time.Timer
	killAt         time.Time
}

func newFake(plays func(name string, n int) play) *fake {
	if plays == nil {
		plays = func(string, int) play { return play{} }
	}
	return &fake{plays: plays, starts: map[string]int{}, procs: map[string]*process{}, over: make(chan struct{}), began: time.Now()}
}

// supervisor makes one that runs a file on the fake.
func (f *fake) supervisor(file *spec.File, o Options) *Supervisor {
	s := New(file, o)
	s.open = func(c live.Config) (engine, error) {
		f.tap, f.keep = c.Tap, c.Keep
		return f, nil
	}
	return s
}

// commands makes a file of lines such as "api: db cache:started".
func file(lines ...string) *spec.File {
	f := &spec.File{Path: "a file"}
	for _, line := range lines {
		name, after, _ := strings.Cut(line, ":")
		one := spec.Command{Name: name, Argv: []string{name}}
		for _, word := range strings.Fields(after) {
			on, when, ok := strings.Cut(word, ":")
			if !ok {
				when = string(spec.WhenReady)
			}
			one.After = append(one.After, spec.Dependency{Name: on, When: spec.Condition(when)})
		}
		f.Commands = append(f.Commands, one)
	}
	return f
}

func (f *fake) Header() tree.Header         { return tree.Header{Version: 1} }
func (f *fake) Events() <-chan []tree.Event { c := make(chan []tree.Event); close(c); return c }
func (f *fake) RootGone() <-chan struct{}   { return nil }
func (f *fake) Emptied(n string) <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.procs[n].emptied
}

func (f *fake) Reserve() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next++
	return strconv.Itoa(f.next - 1)
}

func (f *fake) Emit(e tree.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.emit(e)
}

func (f *fake) emit(e tree.Event) {
	e.Seq, e.T = uint64(len(f.events)+1), time.Since(f.began)
	f.events = append(f.events, e)
	f.tap(&e)
}

func (f *fake) Run(c live.Command) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := &process{play: f.plays(c.Name, f.starts[c.Name]), node: c.Node, name: c.Name, emptied: make(chan struct{})}
	f.starts[c.Name]++
	if p.err != nil {
		return "", p.err
	}
	f.procs[c.Node] = p
	f.commands = append(f.commands, c)
	f.emit(tree.Event{Kind: exitreg.KindSpawn, Node: p.node, Name: p.name})
	if p.hook != "" {
		f.emit(tree.Event{Kind: exitreg.KindRegister, Node: p.node + ".0", ID: "h1", Handler: p.hook})
	}
	if p.line != "" {
		f.later(p.after, func() {
			if !p.exited {
				f.emit(tree.Event{Kind: exitreg.KindOut, Node: p.node, Text: p.line, Stream: "stdout"})
			}
		})
	}
	if p.life > 0 {
		f.later(p.life, func() { f.exit(p, p.play.code, "") })
	}
	return p.node, nil
}

func (f *fake) later(d time.Duration, do func()) *time.Timer {
	return time.AfterFunc(d, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		do()
	})
}

func (f *fake) exit(p *process, code int, sig string) {
	if p.exited {
		return
	}
	p.exited, p.code, p.sig = true, code, sig
	e := tree.Event{Kind: exitreg.KindExit, Node: p.node, Sig: sig}
	if sig == "" {
		e.Code = &code
	}
	f.emit(e)
	switch {
	case p.tail == 0 || sig == "SIGKILL":
		f.empty(p)
	case p.tail > 0:
		f.later(p.tail, func() { f.empty(p) })
	}
}

func (f *fake) empty(p *process) {
	if p.gone {
		return
	}
	p.gone = true
	if p.kill != nil {
		p.kill.Stop()
	}
	if p.ladder {
		f.emit(tree.Event{Kind: exitreg.KindRung, Node: p.node, Text: "done"})
	}
	close(p.emptied)
	f.look()
}

func (f *fake) look() {
	for _, p := range f.procs {
		if !p.gone && !(f.keep && p.exited) {
			return
		}
	}
	if f.released && !f.ended {
		f.ended = true
		close(f.over)
	}
}

func (f *fake) Release() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.released = true
	f.look()
}

func (f *fake) StopNode(node string, o live.StopOptions) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stops = append(f.stops, o)
	p := f.procs[node]
	if p == nil || p.gone || p.killed || p.ladder && !o.Kill {
		return
	}
	p.ladder = true
	if o.Kill {
		f.emit(tree.Event{Kind: exitreg.KindRung, Node: node, Text: "kill", Sig: "SIGKILL"})
		f.sigkill(p)
		return
	}
	sig := o.Signal
	if sig == "" {
		sig = "SIGTERM"
	}
	f.emit(tree.Event{Kind: exitreg.KindRung, Node: node, Text: "stop", Sig: sig, Timeout: o.Grace})
	p.killAt = time.Now().Add(o.Grace)
	p.kill = f.later(o.Grace, func() { f.sigkill(p) })
	if p.exited {
		f.empty(p)
	} else if p.term >= 0 {
		f.later(p.term, func() { f.exit(p, 0, sig) })
	}
}

func (f *fake) sigkill(p *process) {
	if p.gone {
		return
	}
	p.killed = true
	f.exit(p, 0, "SIGKILL")
	f.empty(p)
}

func (f *fake) Stop() { f.Release() } // there is nobody whom no command knows of

func (f *fake) Kill() {
	f.Release()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range f.procs {
		f.sigkill(p)
	}
}

func (f *fake) Extend(node string, d time.Duration) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := f.procs[node]
	if p == nil || p.gone || !p.ladder {
		return errors.New("nothing is being stopped")
	}
	p.killAt = p.killAt.Add(d)
	p.kill.Reset(time.Until(p.killAt))
	return nil
}

func (f *fake) Next(node string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := f.procs[node]
	if p == nil || p.gone || !p.ladder {
		return errors.New("nothing is being stopped")
	}
	f.sigkill(p)
	return nil
}

func (f *fake) Look() <-chan uint64 { return nil }

func (f *fake) Signal(node, sig, scope string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, strings.TrimSpace("signal "+node+" "+sig+" "+scope))
	if p := f.procs[node]; p != nil && !p.exited && tree.Ends(sig) {
		f.emit(tree.Event{Kind: exitreg.KindSignal, Node: node, Sig: sig, Sender: "multiexit"})
		f.exit(p, 0, sig)
	}
	return nil
}

func (f *fake) Pause(node string, on bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, "pause "+node+" "+strconv.FormatBool(on))
	return nil
}

func (f *fake) Exit(node string) (int, string, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := f.procs[node]
	if p == nil || !p.exited {
		return 0, "", false
	}
	return p.code, p.sig, true
}

func (f *fake) Wait() live.Verdict {
	<-f.over
	f.mu.Lock()
	defer f.mu.Unlock()
	v := live.Verdict{Total: len(f.procs)}
	for _, p := range f.procs {
		if p.gone {
			v.Gone++
		}
	}
	return v
}

func (f *fake) Usage(node string) (live.Usage, error) {
	if strings.HasSuffix(node, ".9") {
		return live.Usage{}, errors.New(node + ": no such node")
	}
	return live.Usage{}, nil
}
func (f *fake) Details(string) (tree.Details, error)                    { return tree.Details{}, nil }
func (f *fake) Preview(string, string, []string) ([]tree.Target, error) { return nil, nil }
func (f *fake) Input(string, []byte) error                              { return nil }
func (f *fake) CloseInput(string) error                                 { return nil }
func (f *fake) Order(string, string) error                              { return nil }
func (f *fake) Resize(string, int, int) error                           { return nil }
