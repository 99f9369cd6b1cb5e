package export

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"multiexit/tree"
	"multiexit/tree/tape"
)

// report writes Markdown.
type report struct {
	strings.Builder
	*story
}

func (r *report) f(format string, args ...any) { fmt.Fprintf(&r.Builder, format, args...) }

// writeMarkdown writes a report: what happened in numbers, what went wrong, who
// took longest, and every process with its end.
func writeMarkdown(w io.Writer, t *tape.Tape, o *Options) error {
	r := &report{story: newStory(t, o)}
	r.f("# Shutdown of %s\n\n", md(r.title))
	r.summary()
	r.wrong("What went wrong", false)
	r.wrong("What was broken on purpose", true)
	r.found()
	r.critical()
	r.slowest()
	r.waterfall()
	r.table()
	_, err := io.WriteString(w, r.String())
	return err
}

// md escapes a text for Markdown, also within a table and at the beginning of an
// item of a list.
func md(s string) string {
	var b strings.Builder
	numbered := true // as yet only digits, as in "1." of a list
	for i, r := range clean(s) {
		switch {
		case r == '<':
			b.WriteString("&lt;")
			continue
		case r == '&':
			b.WriteString("&amp;")
			continue
		case strings.ContainsRune("\\`*_[]|~@", r), i == 0 && strings.ContainsRune("-+>#=", r), numbered && (r == '.' || r == ')'):
			b.WriteByte('\\')
		}
		numbered = numbered && r >= '0' && r <= '9'
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}

func (r *report) summary() {
	c := r.story.tally()
	r.f("| | |\n|---|---|\n")
	for _, row := range [][2]string{
		{"began with", md(r.cause())},
		{"took", tree.Took(r.total)},
		{"processes", fmt.Sprintf("%d: %s", c.processes, counts("exited", c.exited, "failed", c.failed, "alive", c.alive))},
		{"broken on purpose", injections(c.injected)},
		{"exit handlers", fmt.Sprintf("%d: %s", c.handlers, counts("done", c.done, "failed", c.broken, "lost", c.lost, "skipped", c.skipped, "injected", c.spoilt, "not run", c.pending))},
		{"host", md(r.header.Host)},
		{"recorded", when(r.header.Start)},
		{"observer", md(r.header.Observer)},
	} {
		if row[1] != "" {
			r.f("| %s | %s |\n", row[0], row[1])
		}
	}
}

func injections(n int) string {
	if n == 0 {
		return ""
	}
	return plural(n, "fault") + " ⚑"
}

func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

// counts writes those of pairs of words and numbers that are not zero.
func counts(pairs ...any) string {
	var parts []string
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1].(int) > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", pairs[i+1], pairs[i]))
		}
	}
	return orElse(strings.Join(parts, ", "), "none")
}

// mostItems of a list are written.
const mostItems = 200

// wrong lists the handlers and processes that did not end as they should, by
// themselves or by what was put into them.
func (r *report) wrong(title string, sabotaged bool) {
	head, count := "\n## "+title+"\n\n", 0
	for _, l := range r.lives {
		good, words := l.result()
		if good || l.Sabotaged() != sabotaged {
			continue
		}
		if count++; count > mostItems {
			continue
		}
		r.f("%s- **%s**: %s\n", head, md(l.full()), md(words))
		head = ""
		for _, h := range l.Handlers()[:min(len(l.Handlers()), mostItems)] {
			if h.State == tree.Broken || h.State == tree.Lost || h.State == tree.Skipped && !h.Unbound {
				r.f("  - %s: %s%s", md(h.Name), h.State, md(after(h.Err)))
				if h.Injected() {
					r.f("%s", flagged(h.Fault))
				}
				r.f("\n")
			}
		}
	}
	r.more(count, "process")
}

// flagged says behind something what was put into it on purpose.
func flagged(fault string) string {
	if fault == "" {
		return ""
	}
	return " (⚑ injected: " + md(fault) + ")"
}

// more says how many of a list are left out.
func (r *report) more(count int, what string) {
	if left := count - mostItems; left > 0 {
		r.f("\nand %s more\n", plural(left, what))
	}
}

func after(s string) string {
	if s == "" {
		return ""
	}
	return ", " + s
}

func (r *report) found() {
	if len(r.findings) > 0 {
		r.f("\n## Findings\n\n")
	}
	for _, f := range r.findings[:min(len(r.findings), mostItems)] {
		r.f("- %s", md(f.Text))
		if f.Advice != "" {
			r.f(" *%s*", md(f.Advice))
		}
		if f.Rule != "" {
			r.f(" (%s)", md(f.Rule))
		}
		r.f("\n")
	}
	r.more(len(r.findings), "finding")
}

// critical is the critical path, piece by piece.
func (r *report) critical() {
	if len(r.path) == 0 {
		return
	}
	r.f("\n## Critical path\n\n| at | for | process | what |\n|--:|--:|---|---|\n")
	for _, p := range r.path[:min(len(r.path), mostItems)] {
		r.f("| +%s | %s | %s | %s |\n", tree.Took(p.At-r.from), tree.Took(p.For), md(r.of[p.Node].full()), md(p.Text)+flagged(p.Injected))
	}
	r.more(len(r.path), "piece")
}

// slowest lists the handlers that worked longest. One that waits for processes
// is none of them: its time is theirs.
func (r *report) slowest() {
	var all []*span
	for _, l := range r.lives {
		for i := range l.spans {
			if p := &l.spans[i]; len(p.Waits) == 0 && p.to > r.from {
				all = append(all, p)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *span) int { return cmp.Compare(b.to-b.from, a.to-a.from) })
	if len(all) == 0 {
		return
	}
	r.f("\n## Slowest handlers\n\n| handler | process | took | began | source |\n|---|---|--:|--:|---|\n")
	for _, p := range all[:min(len(all), 10)] {
		r.f("| %s | %s | %s | +%s | %s |\n", md(p.Name)+flagged(p.injected), md(r.of[p.Node.ID].full()), tree.Took(p.to-p.from), tree.Took(p.from-r.from), md(p.Src))
	}
}

func (r *report) table() {
	const most = 500
	r.f("\n## Processes\n\n| process | pid | handlers | ended | took |\n|---|--:|---|---|--:|\n")
	for _, l := range r.lives[:min(len(r.lives), most)] {
		took := ""
		if d := l.took(r.story); d > 0 {
			took = tree.Took(d)
		}
		names := make([]string, min(len(l.spans), 30))
		for i := range names {
			names[i] = md(l.spans[i].Name)
			switch p := &l.spans[i]; {
			case p.bad():
				names[i] = "**" + names[i] + "** ✗"
			case p.injected != "":
				names[i] = "**" + names[i] + "** ⚑"
			}
		}
		if left := len(l.spans) - len(names); left > 0 {
			names = append(names, fmt.Sprintf("and %d more", left))
		}
		_, words := l.result()
		r.f("| %s%s | %s | %s | %s | %s |\n", strings.Repeat("&emsp;", min(l.Depth, 8)), md(l.name()), number(l.PID), strings.Join(names, ", "), md(words), took)
	}
	if left := len(r.lives) - most; left > 0 {
		r.f("\nand %s more\n", plural(left, "process"))
	}
}
