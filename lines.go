package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/mattn/go-runewidth"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/supervise"
	"multiexit/tree/tape"
)

// patience is how long something that is over may take to come to its end before
// it is left: a pager that does not read, a terminal that stands still.
const patience = 2 * time.Second

// inLines shows a session as lines, for people or for programs. The session is
// over when the command has exited, or when --for is.
func inLines(o *options, j *job, s *supervise.Supervisor, w *watch, steps *ladder, how output) error {
	w.endOnSend = true
	steps.next, steps.kill, steps.leave = hurry(s), s.Kill, os.Exit
	w.onOver = func() { w.letGo(s, o.holds) }
	steps.stop = func() {
		w.letGo(s, o.holds)
		s.Stop()
	}
	told := make(chan struct{}) // closed when all lines are written
	steps.asked = func(rung int) {
		if rung == 1 {
			panics.Spawn(nil, func() { leaveAfter(s, steps, told) })
		}
	}
	panics.Spawn(nil, steps.run)
	if w.sink, w.sinkErr = newSink(o, w.tree, s.Header(), how); w.sinkErr != nil {
		s.Stop()
	}
	panics.Provoke(nil, nil)
	w.run()
	v := s.Wait()
	if how == toLines && w.sinkErr == nil || len(v.Survivors) > 0 {
		printVerdict(os.Stderr, v)
	}
	close(told)
	ended := w.result(j, v, steps)
	if how == toLines {
		w.record.tellMissed(os.Stderr)
	}
	return ended
}

// newSink writes to standard output: events for programs, or lines for people.
func newSink(o *options, t *tree.Tree, h tree.Header, how output) (sink, error) {
	if how == toJSON {
		return tape.NewWriter(os.Stdout, h)
	}
	return newPlain(os.Stdout, t, newLook(o, o.colourProfile(os.Stdout), o.dark())), nil
}

// hurry goes to the next rung of the end of everything.
func hurry(s *supervise.Supervisor) func() { return func() { s.Next("") } }

// leaveAfter ends the program when everything is gone and the lines still cannot
// be written.
func leaveAfter(s *supervise.Supervisor, steps *ladder, told <-chan struct{}) {
	s.Wait()
	select {
	case <-told:
	case <-time.After(patience):
		steps.leave(steps.status())
	}
}

// sinkStatus is the exit status when the lines could not be written. A reader
// that went away (head, a pager that was quit) is no failure worth a word: the
// status is that of a program ended by SIGPIPE.
func sinkStatus(err error) int {
	if errors.Is(err, syscall.EPIPE) {
		return statusSignal + int(syscall.SIGPIPE)
	}
	return report(&failure{statusFailed, "standard output", reason(err), ""})
}

// plain prints events as lines for people:
//
//	1.720s  ✓ compactor   snapshot-index 704ms
//
// It says what happens to processes and handlers; what only programs need
// (hello, leave, eof) it leaves to --json.
type plain struct {
	w    io.Writer
	tree *tree.Tree // with the event that is printed already applied
	look look
	wide int // of the column of names; it only grows
	buf  strings.Builder

	printed printed
}

func newPlain(w io.Writer, t *tree.Tree, l look) *plain {
	return &plain{w: w, tree: t, look: l, wide: 8}
}

// Write prints a batch in one write. Within it the lines are in order of time:
// what was only found by looking comes after what was told, and people read
// downwards.
func (p *plain) Write(batch []tree.Event) error {
	p.buf.Reset()
	batch = slices.Clone(batch)
	slices.SortStableFunc(batch, func(a, b tree.Event) int { return cmp.Compare(a.T, b.T) })
	for i := range batch {
		p.line(&batch[i])
	}
	_, err := io.WriteString(p.w, p.buf.String())
	return err
}

func (p *plain) line(e *tree.Event) {
	lines := p.printed.rest(e)
	if e.Kind == exitreg.KindOut {
		lines = p.printed.lines(e)
	}
	for _, text := range lines {
		p.print(e, saying{'│', plainHue, text})
	}
	if s, ok := p.say(e); ok {
		p.print(e, s)
	}
}

func (p *plain) print(e *tree.Event, s saying) {
	name := p.look.fit(p.name(e.Node))
	p.wide = min(max(p.wide, runewidth.StringWidth(name)), 24)
	pad := strings.Repeat(" ", max(0, p.wide-runewidth.StringWidth(name)))
	at := fmt.Sprintf("%8.3fs", e.T.Seconds())
	fmt.Fprintf(&p.buf, "%s  %s %s%s  %s\n", p.look.paint(dim, at), p.look.paint(s.hue, p.look.fit(string(s.glyph))),
		p.look.paint(strong, name), pad, p.look.paint(s.hue.words(), p.look.fit(s.text)))
}

// name is what a line calls a process: its name, and its node, for names repeat.
func (p *plain) name(id string) string {
	if n := p.tree.Node(id); n != nil {
		return tree.Clean(n.Title()) + " " + id
	}
	return tree.Clean(id)
}

// saying is one line's glyph, words and colour.
type saying struct {
	glyph rune
	hue   hue
	text  string
}

// plainly says that of a single command e tells nothing that its process does not.
func plainly(e *tree.Event) bool {
	switch e.Kind {
	case exitreg.KindCommand:
		return e.Text != string(tree.CommandFailed) && e.Text != string(tree.CommandBackoff)
	case exitreg.KindRung:
		return e.Node == "" || e.Sig == "" && e.Text != "freeze" && e.Text != "thaw"
	}
	return false
}

// say finds the words for an event; ok is false if it has none.
func (p *plain) say(e *tree.Event) (s saying, ok bool) {
	s = saying{'·', dim, p.tree.Describe(e)}
	if len(p.tree.Commands) == 1 && plainly(e) {
		return s, false
	}
	switch e.Kind {
	case exitreg.KindHello, exitreg.KindLeave, exitreg.KindEOF, exitreg.KindOut:
		return s, false
	case exitreg.KindSpawn:
		s.glyph, s.hue = '●', good
		s.text = fmt.Sprintf("pid %d %s", e.PID, s.text)
	case exitreg.KindExec:
		s.glyph, s.hue = '●', good
	case exitreg.KindExit:
		s.glyph = '○'
		n := p.tree.Node(e.Node)
		if n.State == tree.Failed {
			s.glyph, s.hue = '✗', bad
		}
		if remark := n.Remark(); remark != "" {
			s.text += ": " + remark
		}
	case exitreg.KindDisposition:
		if d := tree.Disposition(e.Text); d == tree.Ignored || d == tree.Blocked {
			s.glyph, s.hue = '⊘', amber
		}
	case exitreg.KindSignal, exitreg.KindDeliver:
		s.glyph, s.hue = '↯', amber
	case exitreg.KindStop, exitreg.KindCont, exitreg.KindHold, exitreg.KindRelease, exitreg.KindFault:
		s.hue = amber
	default:
		p.handler(e, &s)
	}
	return s, true
}

// handler finds glyph and hue for an event about a handler, and adds where the
// handler comes from.
func (p *plain) handler(e *tree.Event, s *saying) {
	h := p.find(e)
	if h == nil {
		return
	}
	s.hue = local
	if h.Shared || h.From != nil {
		s.hue = shared
	}
	switch e.Kind {
	case exitreg.KindRegister:
		s.glyph = '+'
		if h.Src != "" {
			s.text += " (" + tree.Clean(h.Src) + ")"
		}
		s.text += p.origin(h)
	case exitreg.KindBegin:
		s.glyph = '▸'
		s.text += p.origin(h)
	case exitreg.KindWait:
		s.glyph = '╌'
	case exitreg.KindEnd:
		s.glyph = '✓'
		if e.Err != "" {
			s.glyph, s.hue = '✗', bad
		}
	case exitreg.KindSkip:
		s.glyph, s.hue = '⊘', bad
	}
}

// find is the handler an event is about, or nil.
func (p *plain) find(e *tree.Event) *tree.Handler {
	if n := p.tree.Node(e.Node); n != nil && e.ID != "" {
		for _, h := range n.Handlers() {
			if h.ID == e.ID {
				return h
			}
		}
	}
	return nil
}

func (p *plain) origin(h *tree.Handler) string {
	if h.From == nil {
		return ""
	}
	return " from " + p.name(h.From.ID)
}

// count is a number and its noun.
func count(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
