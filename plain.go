package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mattn/go-runewidth"

	"multiexit/exitreg"
	"multiexit/tree"
)

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
	s, ok := p.say(e)
	if !ok {
		return
	}
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
		return tree.Clean(n.Name) + " " + id
	}
	return tree.Clean(id)
}

// saying is one line's glyph, words and colour.
type saying struct {
	glyph rune
	hue   hue
	text  string
}

// say finds the words for an event; ok is false if it has none.
func (p *plain) say(e *tree.Event) (s saying, ok bool) {
	s = saying{'·', dim, p.tree.Describe(e)}
	switch e.Kind {
	case exitreg.KindHello, exitreg.KindLeave, exitreg.KindEOF:
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
	case exitreg.KindStop, exitreg.KindCont:
		s.hue = amber
	case exitreg.KindOut:
		s.glyph, s.hue = '│', plainHue
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
		for _, h := range n.Handlers {
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
