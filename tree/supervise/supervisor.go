package supervise

import (
	"errors"
	"sync"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/live"
	"multiexit/tree/spec"
)

// Options say how a file is run.
type Options struct {
	Config       live.Config // Grace is used where the file gives none; Tap is called as for a session
	Hold         bool        // the session stays open when nobody lives, until Stop or Kill
	PTY          bool        // every command gets a terminal of its own
	PIDNamespace bool        // every command is the first process of a pid namespace of its own
	Env          []string    // what the commands' own variables are added to; nil: os.Environ()
	Cols, Rows   int         // of the terminals; 0: the default
	Orders       []Order     // given before anything is started
}

// Order is one of live.Session's, for the processes that a pattern means.
type Order struct{ Pattern, Line string }

// Supervisor runs the commands of one file. All methods may be called from any
// goroutine, but not from Config.Tap. Those that only pass on to the session
// (Events, Signal and so on) may be called only after Start.
type Supervisor struct {
	file    *spec.File
	options Options
	open    func(live.Config) (engine, error)
	eng     engine
	inbox   *inbox
	watched watched
	holds   holds
	done    chan struct{} // closed when all commands are over and nobody lives
	over    chan struct{} // closed when the session is over
	verdict live.Verdict  // valid after over
	close   sync.Once     // of over

	// What follows belongs to one goroutine: that of Start, then that of loop.

	cmds      []*command                     // in order; of those removed, whom others depend on
	byName    map[string]*command            // without those removed
	owner     map[string]*command            // by the root that it has or had
	below     map[*command]map[*command]bool // what dependents has found; emptied by a new command
	first     *command                       // whose exit status is that of the session
	stopping  bool                           // everything is to end
	killed    bool                           // everything is to end at once
	removed   bool                           // some command was, since discard
	stuck     bool                           // something could not be ended
	finished  bool                           // everything has ended
	sole      *run                           // the only one that had to be ended
	longest   time.Duration                  // until then, when it was said
	frozen    bool                           // it was said that this time stands
	deadline  time.Time                      // when the end of everything was said to come at the latest
	lingering *time.Timer                    // until what commands have left behind is ended
}

// New makes a supervisor of a file, which is not changed. Nothing is started.
func New(f *spec.File, o Options) *Supervisor {
	return &Supervisor{
		file:    f,
		options: o,
		open:    openLive,
		inbox:   newInbox(),
		done:    make(chan struct{}),
		over:    make(chan struct{}),
		byName:  map[string]*command{},
		owner:   map[string]*command{},
	}
}

// Start opens the session, announces all commands and starts those that depend
// on nothing. The error is that of the session; and of the command, if the file
// has only one: nothing is left then. To be called once.
func (s *Supervisor) Start() error {
	if len(s.file.Commands) == 0 {
		s.close.Do(func() { close(s.over) })
		return errors.New("there is no command to run")
	}
	config := s.options.Config
	config.Tap = s.tap
	if config.Grace == 0 {
		config.Grace = s.file.Grace
	}
	eng, err := s.open(config)
	if err != nil {
		s.close.Do(func() { close(s.over) })
		return err
	}
	s.eng = eng
	for _, o := range s.options.Orders {
		if err := eng.Order(o.Pattern, o.Line); err != nil {
			s.abandon()
			return err
		}
	}
	s.announce()
	s.settle()
	if c := s.cmds[0]; len(s.cmds) == 1 && c.failure != nil {
		c.rest()
		s.abandon()
		return c.failure
	}
	go func() {
		v := eng.Wait()
		s.inbox.put(func() { s.end(v) })
	}()
	go s.loop()
	return nil
}

// announce makes the commands of the file, all of them waiting.
func (s *Supervisor) announce() {
	for _, one := range s.file.Commands {
		s.adopt(one, !one.Manual)
	}
	s.first = s.cmds[0]
	if s.alone() {
		s.first.state = tree.CommandWaiting
		return
	}
	for _, c := range s.cmds {
		s.set(c, tree.CommandWaiting, s.waits(c))
	}
}

// alone says that there is one command, of the command line, that waits for
// nobody: its stream begins with its birth.
func (s *Supervisor) alone() bool {
	return s.file.Path == "" && len(s.file.Commands) == 1 && !s.file.Commands[0].Manual
}

// adopt takes a command in. It is not announced yet.
func (s *Supervisor) adopt(one spec.Command, wanted bool) *command {
	c := &command{spec: one, name: one.Name, node: s.eng.Reserve(), fresh: true, wanted: wanted}
	s.cmds = append(s.cmds, c)
	s.below = map[*command]map[*command]bool{}
	s.byName[c.name] = c
	s.owner[c.node] = c
	return c
}

// abandon ends a session in which nothing could be started. Nobody reads its
// events any more.
func (s *Supervisor) abandon() {
	s.eng.Release()
	go func() {
		for range s.eng.Events() {
		}
	}()
	s.verdict = s.eng.Wait()
	s.close.Do(func() { close(s.over) })
}

// loop is the one goroutine that looks at the state and changes it.
func (s *Supervisor) loop() {
	for {
		select {
		case <-s.inbox.wake:
			for _, task := range s.inbox.take() {
				task()
				s.settle()
			}
			s.countdown()
		case <-s.over:
			return
		}
	}
}

// settle does what has become possible, until nothing is left to do.
func (s *Supervisor) settle() {
	if s.finished {
		return
	}
	for s.any(s.bury) || s.any(s.step) {
	}
	if s.removed {
		s.removed = false
		s.discard()
	}
	switch {
	case s.stopping && s.allGone(), !s.stopping && !s.options.Hold && s.allOver():
		s.finish()
	}
}

// any does a thing for every command, and says whether there was one to do.
func (s *Supervisor) any(do func(*command) bool) bool {
	done := false
	for _, c := range s.cmds {
		done = do(c) || done
	}
	return done
}

// bury says what becomes of a command that was to end and has. That of all is
// said before others go on because of it.
func (s *Supervisor) bury(c *command) bool {
	if !c.ending || c.run != nil {
		return false
	}
	s.ended(c)
	return true
}

// step does the next thing for one command, if there is one to do.
func (s *Supervisor) step(c *command) bool {
	switch {
	case c.ending && c.run == nil: // since another one that was critical is over
	case c.ending && c.run.stop == nil && !s.held(c):
		s.beginStop(c)
	case c.state == tree.CommandBackoff && c.due && c.run == nil:
		s.launch(c)
	case c.state == tree.CommandBackoff && c.due && c.run.stop == nil:
		s.beginStop(c) // of what the last run left behind
	case c.state == tree.CommandWaiting && c.wanted && !c.ending && c.run == nil:
		return s.advance(c)
	default:
		return false
	}
	return true
}

// finish lets the session go: it is over when nobody lives. Should there be
// somebody whom no command knows of, the session's own ladder ends him.
func (s *Supervisor) finish() {
	s.finished = true
	for _, c := range s.cmds {
		if !c.state.Over() {
			s.set(c, tree.CommandStopped, "it was not started") // nobody will any more
		}
	}
	if s.stopping {
		s.eng.Emit(tree.Event{Kind: exitreg.KindRung, Text: "done"})
	}
	close(s.done)
	if s.stuck {
		s.eng.Kill()
		return
	}
	s.eng.Stop()
}

// end takes the end of the session in.
func (s *Supervisor) end(v live.Verdict) {
	if !s.finished {
		s.finished = true // somebody else has ended the session
		close(s.done)
	}
	for _, c := range s.cmds {
		c.rest()
	}
	v.Code, v.Sig = s.first.code, s.first.sig
	s.verdict = v
	s.close.Do(func() { close(s.over) })
}

// ask has the owner of the state do something and waits for its answer.
func (s *Supervisor) ask(task func() error) error {
	answer := make(chan error, 1)
	s.inbox.put(func() { answer <- task() })
	select {
	case err := <-answer:
		return err
	case <-s.over:
		return errors.New("everything is over")
	}
}

// after has the owner of the state do something later.
func (s *Supervisor) after(d time.Duration, task func()) *time.Timer {
	return time.AfterFunc(d, func() { s.inbox.put(task) })
}

// note tells a remark about a command.
func (s *Supervisor) note(c *command, text string) {
	s.eng.Emit(tree.Event{Kind: exitreg.KindNote, Node: c.node, Name: c.name, Text: text})
}
