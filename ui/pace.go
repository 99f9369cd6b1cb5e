package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// slowest is the longest rest that exitreg takes.
const slowest = 10 * time.Second

// askPace asks how long each process shall rest before each handler.
func (m *Model) askPace() tea.Cmd {
	m.dialog = dialog{kind: dialogPace, input: "500ms"}
	if d := paceOf(m.truth()); d > 0 {
		m.dialog.input = d.String()
	}
	return nil
}

// typedPace is what was typed; why is what is wrong with it.
func (m *Model) typedPace() (d time.Duration, why string) {
	if d, why = typedDuration(m.dialog.input); why == "" && d > slowest {
		why = "up to " + slowest.String()
	}
	return d, why
}

func (m *Model) answerPace() tea.Cmd {
	d, why := m.typedPace()
	if why != "" {
		m.notice = why
		return nil
	}
	m.dialog = dialog{}
	m.notice = "no rest before handlers any more"
	if d > 0 {
		m.notice = "every process rests " + tree.Took(d) + " before each handler"
	}
	return m.tellThem(word{Do: "pace", NS: d}, everybody)
}

// paintPaceDialog: one line of text, and what it means.
func (m *Model) paintPaceDialog() {
	t := &m.theme
	in := m.modal(72, 10, "pace", m.rim(&t.Signal))
	m.canvas.Text(in.x, in.y, "every process rests that long before each handler; 0: no rest", t.Label, in.w)
	m.paintInput(in.x, in.y+2, in.w, "")
	text, s := "the processes themselves are slow then; x slows only the picture", t.Words
	if _, why := m.typedPace(); why != "" {
		text, s = why, fg(t.Fail.Base)
	}
	m.canvas.Text(in.x, in.y+4, text, s, in.w)
	m.paintKeys(in, m.glyphs.Return, "set it", "esc", "cancel")
}
