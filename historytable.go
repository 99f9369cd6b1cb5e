package main

import (
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
	"github.com/mattn/go-runewidth"

	"multiexit/tree"
	"multiexit/tree/history"
)

// cell is one field of a table.
type cell struct {
	text string
	hue  hue
}

// column is one of a table. The one that is flexible takes the room that there is.
type column struct {
	head  string
	right bool // numbers
	flex  bool
	drop  int // the greatest goes first where there is no room; 0 never does
	of    func(*pastRun) cell
}

// historyColumns are those of multiexit history.
func historyColumns(now time.Time) []column {
	return []column{
		{head: "", right: true, of: func(p *pastRun) cell { return cell{"@" + strconv.Itoa(p.Number), strong} }},
		{head: "id", of: func(p *pastRun) cell { return cell{p.ID, local} }},
		{head: "when", drop: 1, of: func(p *pastRun) cell { return cell{when(began(p), now), plainHue} }},
		{head: "what", flex: true, of: what},
		{head: "lasted", right: true, of: func(p *pastRun) cell { return lasted(p, now) }},
		{head: "procs", right: true, drop: 3, of: known(func(s *history.Summary) cell { return cell{strconv.Itoa(s.Processes), plainHue} })},
		{head: "shutdown", drop: 4, of: known(shutdown)},
		{head: "ended", of: ended},
		{head: "findings", right: true, drop: 2, of: known(found)},
		{head: "size", right: true, drop: 5, of: func(p *pastRun) cell { return cell{sizeOf(p.Bytes), dim} }},
	}
}

// known is a cell of what only a recording that was read tells.
func known(of func(*history.Summary) cell) func(*pastRun) cell {
	return func(p *pastRun) cell {
		if p.Summary == nil || !p.Read {
			return cell{"?", dim}
		}
		return of(p.Summary)
	}
}

func began(p *pastRun) time.Time {
	if p.Summary == nil {
		return time.Time{}
	}
	return p.Start.Local()
}

func what(p *pastRun) cell {
	switch {
	case p.Summary == nil:
		return cell{tree.Clean(p.Err), bad}
	case p.Link != "":
		return cell{tree.Clean(commandLine(p.Argv) + " (in " + p.Link + ")"), plainHue}
	}
	return cell{tree.Clean(commandLine(p.Argv)), plainHue}
}

// commandLine is what was run, as one would type it behind multiexit.
func commandLine(argv []string) string {
	if len(argv) > 1 && argv[0] == "multiexit" {
		argv = argv[1:]
	}
	return strings.Join(argv, " ")
}

// lasted is how long a session did, or has until now.
func lasted(p *pastRun, now time.Time) cell {
	switch {
	case p.Summary == nil:
		return cell{}
	case p.State == history.Running:
		return cell{tree.Took(max(p.Took, now.Sub(p.Start))), good}
	}
	return cell{tree.Took(p.Took), plainHue}
}

// shutdown is what the last one began with, and how long it took.
func shutdown(s *history.Summary) cell {
	if s.Signal == "" {
		return cell{"-", dim}
	}
	return cell{ansi.Truncate(s.Signal, 12, "…") + " " + tree.Took(s.Shutdown), amber}
}

func ended(p *pastRun) cell {
	switch {
	case p.State == history.Running:
		return cell{"● running", good}
	case p.State == history.CutOff:
		return cell{"⊘ cut off", amber}
	case p.Summary == nil || !p.Read:
		return cell{"?", dim}
	}
	text := p.Ended
	switch {
	case p.Survivors > 0:
		return cell{"✗ " + text + ", " + strconv.Itoa(p.Survivors) + " survived", bad}
	case p.Failed > 1 && !strings.HasSuffix(text, "failed"), p.Failed == 1 && (text == "exit 0" || strings.HasPrefix(text, "SIG")):
		return cell{"✗ " + text + ", " + strconv.Itoa(p.Failed) + " failed", bad}
	case !p.Well():
		return cell{"✗ " + text, bad}
	case text == "killed" && p.Signal != "SIGKILL":
		return cell{"✗ " + text, bad} // it was asked otherwise, and did not go
	case p.Injected == 1:
		return cell{"⚑ " + text + ", 1 fault", amber}
	case p.Injected > 0:
		return cell{"⚑ " + text + ", " + strconv.Itoa(p.Injected) + " faults", amber}
	}
	return cell{"✓ " + text, good}
}

func found(s *history.Summary) cell {
	if s.Findings == 0 {
		return cell{"-", dim}
	}
	return cell{strconv.Itoa(s.Findings), amber}
}

// when is a time as people say it.
func when(t, now time.Time) string {
	if t.IsZero() {
		return "?"
	}
	y, m, d := now.Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, now.Location())
	switch {
	case !t.Before(today.AddDate(0, 0, 1)):
		return t.Format("2006-01-02 15:04") // the clock was set back
	case !t.Before(today):
		return t.Format("15:04:05")
	case !t.Before(today.AddDate(0, 0, -1)):
		return "yesterday " + t.Format("15:04")
	case !t.Before(today.AddDate(0, 0, -6)):
		return t.Format("Mon 15:04")
	case t.Year() == now.Year():
		return t.Format("2 Jan 15:04")
	}
	return t.Format("2 Jan 2006")
}

// sizeOf is a number of bytes for people.
func sizeOf(n int64) string {
	units := [...]string{"B", "KiB", "MiB", "GiB"}
	i, v := 0, float64(n)
	for v >= 1000 && i < len(units)-1 {
		v, i = v/1024, i+1
	}
	if i > 0 && v < 10 {
		return strconv.FormatFloat(v, 'f', 1, 64) + " " + units[i]
	}
	return strconv.FormatFloat(v, 'f', 0, 64) + " " + units[i]
}

// printHistory prints the table, as wide as the terminal, or as it needs.
func printHistory(all []pastRun, l look, now time.Time) error {
	width := 0
	if term.IsTerminal(os.Stdout.Fd()) {
		width, _, _ = term.GetSize(os.Stdout.Fd())
	}
	_, err := io.WriteString(os.Stdout, table(historyColumns(now), all, l, width))
	return err
}

// gap is what is between two columns.
const gap = 2

// table lays rows out in columns; width 0 is without a limit.
func table(cols []column, rows []pastRun, l look, width int) string {
	const flexLeast, flexMost = 16, 60
	cells := make([][]cell, len(cols))
	wide := make([]int, len(cols))
	for i, c := range cols {
		wide[i] = len(c.head)
		for r := range rows {
			x := c.of(&rows[r])
			x.text = l.fit(x.text)
			cells[i] = append(cells[i], x)
			wide[i] = max(wide[i], runewidth.StringWidth(x.text))
		}
	}
	flex := slices.IndexFunc(cols, func(c column) bool { return c.flex })
	wide[flex] = min(wide[flex], flexMost)
	shown := fitColumns(cols, wide, flex, flexLeast, width)
	var b strings.Builder
	line := func(at func(i int) cell) {
		var row strings.Builder
		for _, i := range shown {
			x := at(i)
			text := ansi.Truncate(x.text, wide[i], l.fit("…"))
			pad := strings.Repeat(" ", wide[i]-runewidth.StringWidth(text))
			if cols[i].right {
				row.WriteString(pad + l.paint(x.hue, text))
			} else {
				row.WriteString(l.paint(x.hue, text) + pad)
			}
			row.WriteString(strings.Repeat(" ", gap))
		}
		b.WriteString(strings.TrimRight(row.String(), " ") + "\n")
	}
	line(func(i int) cell { return cell{cols[i].head, dim} })
	for r := range rows {
		line(func(i int) cell { return cells[i][r] })
	}
	return b.String()
}

// fitColumns leaves out what there is no room for, and gives the flexible column
// what is left.
func fitColumns(cols []column, wide []int, flex, least, width int) (shown []int) {
	total := -gap
	for i := range cols {
		shown = append(shown, i)
		total += wide[i] + gap
	}
	if width <= 0 {
		return shown
	}
	for total > width {
		if over := total - width; wide[flex]-over >= min(least, wide[flex]) {
			wide[flex] -= over
			return shown
		}
		out := -1
		for at, i := range shown {
			if cols[i].drop > 0 && (out < 0 || cols[i].drop > cols[shown[out]].drop) {
				out = at
			}
		}
		if out < 0 {
			wide[flex] = max(1, wide[flex]-(total-width))
			return shown
		}
		total -= wide[shown[out]] + gap
		shown = slices.Delete(shown, out, out+1)
	}
	return shown
}
