package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// usageEvery is how often the driver is asked what a process consumes.
const usageEvery = time.Second

// usageMsg is what the asked processes consume; who did not answer is missing.
type usageMsg struct {
	asked []string
	usage map[string]Usage
}

// poll asks again for what the screen shows, unless an answer is on its way:
// the selected row, as long as it lives. Nothing is asked while the picture is
// not of now.
func (m *Model) poll() tea.Cmd {
	n := m.selected()
	if m.asking || m.opts.Driver == nil || !m.play.level || m.width == 0 || n == nil || !n.Alive() {
		return nil
	}
	m.asking = true
	wait := usageEvery
	if n.ID != m.asked {
		wait = usageEvery / 10 // soon, but not for each row a held key runs over
	}
	m.asked = n.ID
	return usageCmd(m.opts.Driver, []string{n.ID}, wait)
}

func usageCmd(d Driver, ids []string, wait time.Duration) tea.Cmd {
	return func() tea.Msg {
		time.Sleep(wait)
		msg := usageMsg{asked: ids, usage: make(map[string]Usage, len(ids))}
		for _, id := range ids {
			if u, err := d.Usage(id); err == nil {
				msg.usage[id] = u
			}
		}
		return msg
	}
}

func (m *Model) onUsage(msg usageMsg) {
	m.asking = false
	for _, id := range msg.asked {
		u, ok := msg.usage[id]
		if was, had := m.usage[id]; had != ok || was != u {
			m.dirty = true
		}
		delete(m.usage, id)
		if ok {
			m.usage[id] = u
		}
	}
}
