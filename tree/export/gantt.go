package export

import (
	"fmt"
	"io"
	"strings"
	"time"

	"multiexit/tree/tape"
)

// writeGantt writes a section for each process that ran handlers and a task for
// each of them: local ones are done, shared ones active, failed ones critical.
func writeGantt(w io.Writer, t *tape.Tape, o *Options) error {
	_, err := io.WriteString(w, newStory(t, o).gantt())
	return err
}

func (s *story) gantt() string {
	var b strings.Builder
	b.WriteString("gantt\n")
	fmt.Fprintf(&b, "    title %s\n", word(s.title))
	b.WriteString("    dateFormat x\n")
	format := "%S.%L"
	if s.to-s.from > time.Minute {
		format = "%M:%S"
	}
	fmt.Fprintf(&b, "    axisFormat %s\n", format)
	for _, l := range s.lives {
		at, asked := l.asked(s.from)
		if !asked && len(l.spans) == 0 {
			continue
		}
		fmt.Fprintf(&b, "    section %s\n", word(l.full()))
		if len(l.spans) == 0 {
			_, words := l.result()
			from, to := s.millis(at, l.until(s.to))
			fmt.Fprintf(&b, "    %s :%d, %d\n", word(words), from, to)
		}
		for i := range l.spans {
			p := &l.spans[i]
			from, to := s.millis(p.from, p.to)
			fmt.Fprintf(&b, "    %s :%s, %d, %d\n", word(clean(p.Name)), kindOfTask(p), from, to)
		}
	}
	return b.String()
}

func kindOfTask(p *span) string {
	switch {
	case p.bad():
		return "crit"
	case handed(p.Handler):
		return "active"
	}
	return "done"
}

// millis is a task's beginning and end; none is too short to be seen.
func (s *story) millis(from, to time.Duration) (a, b int64) {
	a = (max(from, s.from) - s.from).Milliseconds()
	return a, max(a+1, (to - s.from).Milliseconds())
}
