package export

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"multiexit/tree"
	"multiexit/tree/tape"
)

// mermaid writes a text for a Mermaid diagram: all that could mean something
// there becomes an entity code, which Mermaid shows as the character it names.
func mermaid(s string) string {
	var b strings.Builder
	for _, r := range clean(s) {
		switch {
		case r == ' ' || r == '-' || r == '.' || r == '_' || r == '/' || r == ',' || unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("✓✗·…", r):
			b.WriteRune(r)
		default:
			b.WriteString("#" + strconv.Itoa(int(r)) + ";")
		}
	}
	return b.String()
}

// keywords begin statements of the grammars, or end them.
var keywords = []string{"end", "click", "section", "title", "gantt", "dateformat", "axisformat", "tickinterval", "includes", "excludes",
	"todaymarker", "inclusiveenddates", "topaxis", "weekday", "weekend", "vert", "acctitle", "accdescr"}

// word is a name that stands alone: never empty, not too long to draw, and not
// read as a keyword, for its first letter is an entity code then. So is that of a
// number: Mermaid would put its section before all others.
func word(s string) string {
	s = cut(strings.TrimSpace(clean(s)), 60)
	low := strings.ToLower(s)
	if slices.ContainsFunc(keywords, func(k string) bool { return strings.HasPrefix(low, k) }) || s != "" && strings.Trim(s, "0123456789") == "" {
		return "#" + strconv.Itoa(int(s[0])) + ";" + mermaid(s[1:])
	}
	return mermaid(orElse(s, "?"))
}

// mermaidMost is how long a diagram may be: renderers refuse one of more than
// 50,000 characters (maxTextSize), GitHub's among them.
const mermaidMost = 50_000

// mermaidTurns of a process are drawn.
const mermaidTurns = 40

// fitting is the diagram of as many of n processes as fit.
func fitting(n int, draw func(n int) string) string {
	for {
		text := draw(n)
		length := utf8.RuneCountInString(text)
		if length <= mermaidMost || n <= 1 {
			return text
		}
		n = min(n-1, int(float64(n)*mermaidMost/float64(length)*.98))
		n = max(n, 1)
	}
}

// message is something that happens in a sequence diagram.
type message struct {
	at   time.Duration
	text string
}

// writeMermaid writes a sequence diagram: who asked whom to end, what that ran,
// and how it ended. A dashed arrow is a signal that nobody saw being sent: it is
// drawn from the process that waits for the other to end.
func writeMermaid(w io.Writer, t *tape.Tape, o *Options) error {
	s := newStory(t, o)
	all := s.lives
	_, err := io.WriteString(w, fitting(len(all), func(n int) string {
		s.lives = all[:n] // the others do not speak
		text := s.sequence()
		first := slices.IndexFunc(s.lives, func(l *life) bool { return s.speaks(l.Node) })
		if left := len(all) - n; left > 0 && first >= 0 {
			text += fmt.Sprintf("    Note over p%d: and %s more\n", all[first].Index, plural(left, "process"))
		}
		return text
	}))
	return err
}

func (s *story) sequence() string {
	var b strings.Builder
	b.WriteString("sequenceDiagram\n")
	fmt.Fprintf(&b, "    accTitle: %s\n", word(s.title))
	var all []message
	var outside []string // senders that are no process of the tree
	for _, l := range s.lives {
		at, ok := l.asked(s.from)
		if !ok && (!l.Ended() || l.Gone < s.from) {
			continue
		}
		fmt.Fprintf(&b, "    participant p%d as %s\n", l.Index, word(l.full()))
		if ok {
			all = append(all, message{at, s.asking(l, at, &outside)})
		}
		all = append(all, s.ending(l)...)
	}
	for i, sender := range outside {
		fmt.Fprintf(&b, "    actor x%d as %s\n", i, word(sender))
	}
	slices.SortStableFunc(all, func(a, b message) int { return cmp.Compare(a.at, b.at) })
	for _, m := range all {
		b.WriteString("    " + m.text + "\n")
	}
	return b.String()
}

// asking is the arrow of the signal that l got first.
func (s *story) asking(l *life, at time.Duration, outside *[]string) string {
	m := moment{at: at, text: orElse(orElse(clean(l.Cause), clean(l.SigName)), "asked to end")}
	for _, mark := range l.marks {
		if mark.at == at {
			m = mark
			break
		}
	}
	what := fmt.Sprintf("%s, %s s", word(m.text), strconv.FormatFloat((at-s.from).Seconds(), 'f', 2, 64))
	switch sender := s.tree.Node(m.sender); {
	case s.speaks(sender):
		return fmt.Sprintf("p%d->>p%d: %s", sender.Index, l.Index, what)
	case m.sender != "":
		i := slices.Index(*outside, m.sender)
		if i < 0 {
			i = len(*outside)
			*outside = append(*outside, m.sender)
		}
		return fmt.Sprintf("x%d->>p%d: %s", i, l.Index, what)
	}
	if waiter := s.waiter[l.Node]; s.speaks(waiter) {
		return fmt.Sprintf("p%d-->>p%d: %s", waiter.Index, l.Index, what)
	}
	return fmt.Sprintf("p%d->>p%d: %s", l.Index, l.Index, what)
}

// speaks says that a node is a participant.
func (s *story) speaks(n *tree.Node) bool {
	if !s.told(n) {
		return false
	}
	_, asked := s.of[n.ID].asked(s.from)
	return asked || n.Ended()
}

// ending is what l ran, and how it ended.
func (s *story) ending(l *life) (all []message) {
	at := l.until(s.to)
	if len(l.spans) > 0 {
		var b strings.Builder
		for i := range l.spans[:min(len(l.spans), mermaidTurns)] {
			p := &l.spans[i]
			sign := "✓"
			switch {
			case p.spoilt():
				sign = "⚑"
			case p.State != tree.Done:
				sign = "✗"
			}
			if i > 0 {
				b.WriteString("<br/>")
			}
			fmt.Fprintf(&b, "%s %s %s", sign, word(cut(clean(p.Name), 40)), mermaid(tree.Took(p.to-p.from)))
			if p.Err != "" {
				fmt.Fprintf(&b, " %s", mermaid(cut(clean(p.Err), 40)))
			}
			if p.injected != "" {
				fmt.Fprintf(&b, " %s", mermaid("(injected: "+cut(p.injected, 40)+")"))
			}
		}
		if left := len(l.spans) - mermaidTurns; left > 0 {
			fmt.Fprintf(&b, "<br/>and %s more", plural(left, "handler"))
		}
		all = append(all, message{at, fmt.Sprintf("Note over p%d: %s", l.Index, b.String())})
	}
	if !l.Ended() {
		return append(all, message{at, fmt.Sprintf("Note over p%d: %s", l.Index, mermaid(l.State.String()))})
	}
	_, words := l.result()
	to := s.waiter[l.Node]
	if !s.speaks(to) {
		to = nil
	}
	if to == nil && s.speaks(l.Parent) && l.Parent.Ended() && l.Parent.Gone >= l.Gone {
		to = l.Parent
	}
	if to == nil {
		return append(all, message{at, fmt.Sprintf("Note over p%d: %s", l.Index, mermaid(cut(words, 60)))})
	}
	return append(all, message{at, fmt.Sprintf("p%d--xp%d: %s", l.Index, to.Index, mermaid(cut(words, 60)))})
}
