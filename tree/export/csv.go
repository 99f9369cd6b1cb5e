package export

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"multiexit/tree"
	"multiexit/tree/tape"
)

// writeCSV writes a row for each process, followed by one for each of its
// handlers in the order of registration. Times are seconds since the beginning
// of what is told. A text that a spreadsheet would take for a formula begins
// with an apostrophe.
func writeCSV(w io.Writer, t *tape.Tape, o *Options) error {
	s := newStory(t, o)
	c := csv.NewWriter(w)
	c.Write([]string{"kind", "node", "pid", "process", "parent", "handler", "id", "origin", "source",
		"state", "began", "ended", "elapsed", "limit", "signal", "result", "error"})
	for _, l := range s.lives {
		c.Write(s.processRow(l))
		turns := map[*tree.Handler]*span{}
		for i := range l.spans {
			turns[l.spans[i].Handler] = &l.spans[i]
		}
		for _, h := range l.Handlers() {
			c.Write(s.handlerRow(l, h, turns[h]))
		}
	}
	c.Flush()
	return c.Error()
}

func (s *story) processRow(l *life) []string {
	parent, began, ended := "", "", ""
	if l.Parent != nil {
		parent = l.Parent.ID
	}
	if at, ok := l.asked(s.from); ok {
		began = seconds(at - s.from)
	}
	if l.Ended() {
		ended = seconds(l.Gone - s.from)
	}
	_, result := l.result()
	return []string{"process", plain(clean(l.ID)), number(l.PID), plain(l.name()), plain(clean(parent)), "", "", "", "",
		l.State.String(), began, ended, lasted(l.took(s)), lasted(l.Grace), plain(clean(l.SigName)), plain(result), ""}
}

func (s *story) handlerRow(l *life, h *tree.Handler, turn *span) []string {
	began, ended := "", ""
	if turn != nil {
		began, ended = seconds(turn.from-s.from), seconds(turn.to-s.from)
	}
	return []string{"handler", plain(clean(l.ID)), number(l.PID), plain(l.name()), "", plain(clean(h.Name)), plain(clean(h.ID)),
		origin(h), plain(clean(h.Src)), h.State.String(), began, ended, lasted(h.Elapsed), lasted(h.Timeout), "",
		plain(l.faults[h.ID]), plain(clean(h.Err))}
}

// plain keeps a spreadsheet from taking a text for a formula.
func plain(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func lasted(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return seconds(d)
}
