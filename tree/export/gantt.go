package export

import (
	"fmt"
	"io"
	"strings"
	"time"

	"multiexit/tree/tape"
)

// writeGantt writes a section for each process that ran handlers and a task for
// each of them: local ones are done, shared ones active, failed ones critical. What
// came of a fault is none of that, which is a look of its own, and its name says so.
func writeGantt(w io.Writer, t *tape.Tape, o *Options) error {
	s := newStory(t, o)
	_, err := io.WriteString(w, fitting(len(s.lives), s.gantt))
	return err
}

// gantt is the chart of the first n processes.
func (s *story) gantt(n int) string {
	var b strings.Builder
	wide := 0
	for _, l := range s.lives[:n] {
		if s.tasked(l) {
			wide = max(wide, cells(cut(s.section(l), 60)))
		}
	}
	fmt.Fprintf(&b, "%%%%{init: {\"gantt\": {\"topAxis\": true, \"leftPadding\": %d}}}%%%%\ngantt\n", 30+6*wide)
	fmt.Fprintf(&b, "    title %s\n", word(s.title))
	b.WriteString("    dateFormat x\n")
	format := "%S.%L"
	if s.to-s.from > time.Minute {
		format = "%M:%S"
	}
	fmt.Fprintf(&b, "    axisFormat %s\n    todayMarker off\n", format)
	tasks := 0
	for _, l := range s.lives[:n] {
		if !s.tasked(l) {
			continue
		}
		tasks++
		fmt.Fprintf(&b, "    section %s\n", word(s.section(l)))
		if len(l.spans) == 0 {
			at, _ := l.asked(s.from)
			_, words := l.result()
			from, to := s.millis(at, l.until(s.to))
			fmt.Fprintf(&b, "    %s :%d, %d\n", word(words), from, to)
		}
		for i := range l.spans[:min(len(l.spans), mermaidTurns)] {
			p := &l.spans[i]
			from, to := s.millis(p.from, p.to)
			fmt.Fprintf(&b, "    %s :%s%d, %d\n", word(taskName(p)), kindOfTask(p), from, to)
		}
		if left := len(l.spans) - mermaidTurns; left > 0 {
			from, to := s.millis(l.spans[mermaidTurns].from, l.until(s.to))
			fmt.Fprintf(&b, "    and %s more :%d, %d\n", plural(left, "handler"), from, to)
		}
	}
	if left := len(s.lives) - n; left > 0 {
		fmt.Fprintf(&b, "    section and %s more\n    left out :0, 1\n", plural(left, "process"))
	}
	if tasks == 0 {
		b.WriteString("    nothing was shut down :0, 1\n") // an axis of nothing cannot be drawn
	}
	return b.String()
}

// tasked says that there is something to draw of a process.
func (s *story) tasked(l *life) bool {
	_, asked := l.asked(s.from)
	return asked || len(l.spans) > 0
}

// section is a name that no other process has: sections of one name are one.
func (s *story) section(l *life) string {
	if l.PID == 0 {
		return strings.TrimSpace(l.name()) + " (" + clean(l.ID) + ")"
	}
	return l.full()
}

func taskName(p *span) string {
	if p.injected == "" {
		return clean(p.Name)
	}
	return "⚑ " + cut(clean(p.Name), 30) + " (injected: " + p.injected + ")"
}

// kindOfTask is the tag that says how a task looks.
func kindOfTask(p *span) string {
	switch {
	case p.spoilt():
		return ""
	case p.bad():
		return "crit, "
	case handed(p.Handler):
		return "active, "
	}
	return "done, "
}

// millis is a task's beginning and end; none is too short to be seen.
func (s *story) millis(from, to time.Duration) (a, b int64) {
	a = (max(from, s.from) - s.from).Milliseconds()
	return a, max(a+1, (to - s.from).Milliseconds())
}
