package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// FollowMsg says where the presenter's selection is.
type FollowMsg struct{ Node string }

const (
	ownWay    = 10 * time.Second       // who moves the cursor is left alone so long
	tellDelay = 100 * time.Millisecond // not each row that a held key runs over is told
)

// company is how the selections of several screens go together: this one may follow
// that of a presenter, and tells its own to those that follow it.
type company struct {
	follows bool   // the presenter is followed, unless the user has just moved
	moved   bool   // the user has just moved the cursor
	strayed int    // counts the moves of the user; the newest wait ends the stray
	alone   bool   // the user moved less than ownWay ago
	at      string // where the presenter is
	told    string // the selection that was told last
	telling bool
}

// homeMsg ends the time in which the cursor is the user's; told is the selection
// that was told.
type (
	homeMsg int
	toldMsg string
)

// onFollow puts the cursor where the presenter has it.
func (m *Model) onFollow(msg FollowMsg) {
	m.company.at = msg.Node
	m.join()
}

func (m *Model) join() {
	if c := &m.company; !c.follows || c.alone || c.at == "" {
		return
	}
	n := m.tree.Node(m.company.at)
	if n == nil {
		return
	}
	for p := n.Parent; p != nil; p = p.Parent {
		if m.folded[p.ID] {
			m.toggleFold(p.ID)
		}
	}
	m.refresh()
	if i := m.line(n.ID); i >= 0 {
		m.put(i)
	}
}

// stray leaves the cursor to the user who has just moved it, for some time.
func (m *Model) stray() tea.Cmd {
	c := &m.company
	if !c.moved {
		return nil
	}
	c.moved = false
	if !c.follows {
		return nil
	}
	c.alone = true
	c.strayed++
	tag := c.strayed
	return func() tea.Msg {
		time.Sleep(ownWay)
		return homeMsg(tag)
	}
}

func (m *Model) onHome(msg homeMsg) {
	if int(msg) == m.company.strayed {
		m.company.alone = false
		m.join()
	}
}

// toggleCompany follows the presenter, or not any more.
func (m *Model) toggleCompany() tea.Cmd {
	c := &m.company
	c.follows, c.alone = !c.follows, false
	m.notice = "the presenter is not followed"
	if c.follows {
		m.notice = "the cursor follows the presenter"
		m.join()
	}
	return nil
}

// tell says where the selection is, to those that follow it.
func (m *Model) tell() tea.Cmd {
	c := &m.company
	if m.opts.Driver == nil || m.opts.ReadOnly || c.telling || m.cursor == c.told || m.cursor == "" {
		return nil
	}
	c.telling, c.told = true, m.cursor
	id := m.cursor
	return func() tea.Msg {
		time.Sleep(tellDelay)
		return toldMsg(id)
	}
}

// onTold tells the driver, if the selection is where it was.
func (m *Model) onTold(msg toldMsg) tea.Cmd {
	m.company.telling = false
	if id := string(msg); id == m.cursor {
		d := m.opts.Driver
		return func() tea.Msg {
			d.Cursor(id)
			return nil
		}
	}
	return nil
}
