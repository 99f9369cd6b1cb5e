package export

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"multiexit/tree"
)

// clean makes a text of a watched process one line of valid UTF-8 without
// control characters and without those that XML has no way to write.
func clean(s string) string {
	s = tree.Clean(strings.ToValidUTF8(s, "\uFFFD"))
	if strings.ContainsAny(s, "\uFFFE\uFFFF") {
		s = strings.NewReplacer("\uFFFE", "\uFFFD", "\uFFFF", "\uFFFD").Replace(s)
	}
	return s
}

// name is what a process is called.
func (l *life) name() string { return called(l.Node) }

func called(n *tree.Node) string { return clean(n.Title()) }

// full is the name with the number that tells it from others of that name.
func (l *life) full() string {
	if l.PID != 0 {
		return l.name() + " " + strconv.Itoa(l.PID)
	}
	return l.name()
}

// asked is when it was first asked to end in the part that is told, or began to
// by itself; ok is false if neither happened.
func (l *life) asked(from time.Duration) (at time.Duration, ok bool) {
	if at, by, ok := l.Asked(); ok && by != "multiexit" && !l.Began && at >= from { // by who waits for it
		return at, true
	}
	for _, m := range l.marks {
		if m.at >= from && (tree.Ends(m.text) || m.at == l.Delivered) {
			return m.at, true
		}
	}
	if l.Began && l.Delivered >= from {
		return l.Delivered, true
	}
	if l.SigName != "" && l.Signalled >= from {
		return l.Signalled, true
	}
	return 0, false
}

// result is how a process ended: whether well, and in a few words.
func (l *life) result() (good bool, words string) {
	switch {
	case l.State == tree.Stuck:
		return false, "still there"
	case l.Alive():
		return true, l.State.String()
	}
	words = clean(l.Outcome())
	if words == "SIGTERM" && len(l.spans) == 0 {
		words = "terminated"
	}
	if remark := l.Remark(); remark != "" {
		words = remark
		if l.EndSig != "" && l.EndSig != "SIGTERM" || l.EndSig == "" && l.Code != 0 {
			words = clean(l.Outcome()) + ", " + remark
		}
	}
	return l.State == tree.Exited, words
}

// took is how long its end took; 0 if nobody asked for it.
func (l *life) took(s *story) time.Duration {
	at, ok := l.asked(s.from)
	if !ok {
		return 0
	}
	return max(0, l.until(s.to)-at)
}

// origin says whose a handler is: "local", "shared", "inherited".
func origin(h *tree.Handler) string {
	switch {
	case h.From != nil:
		return "inherited"
	case h.Shared:
		return "shared"
	}
	return "local"
}

// cause says what began the shutdown that is told: "SIGTERM to supervisor",
// "stop of everything".
func (s *story) cause() string {
	shut := s.tree.Shut
	if shut == nil {
		return ""
	}
	if s.tree.StopsAll() {
		return "stop of everything"
	}
	if shut.Sender == "" && !tree.Ends(shut.Name) {
		return clean(shut.Name) + " of " + called(shut.Node)
	}
	return clean(shut.Name) + " to " + called(shut.Node)
}

// tally is the processes of what is told, and their handlers, by how they came out.
type tally struct {
	processes, exited, failed, alive                       int // of those that were sabotaged it is said under injected
	handlers, done, broken, lost, skipped, pending, shared int
	spoilt                                                 int // handlers that a fault kept from their work
	injected                                               int // handlers, and processes, that a fault was put into
}

func (s *story) tally() (c tally) {
	for _, l := range s.lives {
		c.processes++
		switch {
		case l.Alive():
			c.alive++
		case l.State == tree.Failed && !l.Sabotaged():
			c.failed++
		default:
			c.exited++
		}
		if l.Fault != "" {
			c.injected++
		}
		for _, h := range l.Handlers() {
			c.count(h)
		}
	}
	return c
}

func (c *tally) count(h *tree.Handler) {
	if h.State == tree.Removed {
		return
	}
	c.handlers++
	if h.Fault != "" {
		c.injected++
	}
	if handed(h) {
		c.shared++
	}
	if h.Injected() {
		c.spoilt++
		return
	}
	switch h.State {
	case tree.Done:
		c.done++
	case tree.Broken:
		c.broken++
	case tree.Lost:
		c.lost++
	case tree.Skipped:
		c.skipped++
	default:
		c.pending++
	}
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if strings.HasSuffix(what, "s") {
		return strconv.Itoa(n) + " " + what + "es"
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// cells is how wide a text is in a font whose characters have one width: those of
// East Asia and emoji have two, marks that join the one before have none.
func cells(s string) (n int) {
	for _, r := range s {
		n += width(r)
	}
	return n
}

func width(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1100 && r <= 0x115f, r >= 0x2e80 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3, r >= 0xf900 && r <= 0xfaff,
		r >= 0xfe30 && r <= 0xfe6f, r >= 0xff00 && r <= 0xff60, r >= 0x1f300 && r <= 0x1faff, r >= 0x20000 && r <= 0x3fffd:
		return 2
	}
	return 1
}

// cut shortens s to n cells, the last a dot-dot-dot; what would say too little is
// left out.
func cut(s string, n int) string {
	if len(s) <= n || cells(s) <= n {
		return s
	}
	if n < 3 {
		return ""
	}
	left := n - 1
	for i, r := range s {
		if left -= width(r); left < 0 {
			return s[:i] + "…"
		}
	}
	return s
}

// padded is s, filled up with spaces to n cells.
func padded(s string, n int) string { return s + strings.Repeat(" ", max(0, n-cells(s))) }

// seconds writes a time as a number of seconds, to the microsecond.
func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 6, 64) }

func joined(argv []string) string { return strings.Join(argv, " ") }
