package ui

import (
	"sort"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// catchUp makes the picture level with the end of the tape.
func (m *Model) catchUp() {
	m.forward(len(m.tape))
	if n := len(m.due); n > 0 {
		m.now = max(m.now, m.due[n-1])
	}
	m.play.paused, m.play.speed = false, trueSpeed
	if m.live() {
		m.play.level = true
		m.tree, m.stale = m.head, true
	}
}

// pause stops the picture, or lets it go on from where it stands. A recording
// that stands at its end begins again.
func (m *Model) pause() tea.Cmd {
	switch {
	case m.play.paused:
		m.play.paused = false
	case !m.live() && m.at == len(m.tape) && m.now >= m.moving():
		m.seek(0, 0)
	default:
		m.seek(m.at, m.now)
		m.play.paused = true
	}
	return nil
}

// faster goes by n steps through the speeds. Faster than true time there is
// nothing to see while the picture is level.
func (m *Model) faster(n int) tea.Cmd {
	speed := min(max(0, m.play.speed+n), len(speeds)-1)
	if m.play.level {
		if speed > trueSpeed {
			m.notice = "this is live: it cannot go faster"
			return nil
		}
		m.seek(m.at, m.now)
	}
	m.play.speed, m.play.paused = speed, false
	return nil
}

// step shows one event more, or by -1 one less, and stands.
func (m *Model) step(n int) tea.Cmd {
	i := m.at + n
	if i < 0 || i > len(m.tape) {
		m.notice = "this is the end of the tape"
		if i < 0 {
			m.notice = "this is the start of the tape"
		}
		return nil
	}
	m.seek(i, m.when(i))
	m.play.paused = true
	return nil
}

// leap goes by d over the tape. Beyond the end of one that grows is live.
func (m *Model) leap(d time.Duration) tea.Cmd {
	to := max(0, m.now+d)
	if d > 0 && m.index(to) == len(m.tape) {
		return m.toEnd()
	}
	m.seek(m.index(to), to)
	return nil
}

func (m *Model) toStart() tea.Cmd {
	m.seek(0, 0)
	return nil
}

func (m *Model) toEnd() tea.Cmd {
	if !m.live() {
		m.seek(len(m.tape), max(m.now, m.when(len(m.tape))))
		return nil
	}
	m.catchUp()
	return nil
}

// toSignal goes to where the next signal was sent, or by -1 the one before.
func (m *Model) toSignal(step int) tea.Cmd {
	i := m.at // the first candidate is the event that is not applied yet
	if step < 0 {
		i = m.at - 2 // not the one whose effect is shown now
	}
	for ; i >= 0 && i < len(m.tape); i += step {
		if m.tape[i].Kind == "signal" {
			m.seek(i+1, m.due[i])
			return nil
		}
	}
	m.notice = "no further signal on the tape"
	return nil
}

// lead is how long before the signal a shutdown is shown again.
const lead = 300 * time.Millisecond

// again plays the last shutdown from its signal on.
func (m *Model) again() tea.Cmd {
	t := m.head
	if t == nil {
		t = tree.Fold(m.tape)
	}
	shut := t.Shut
	if shut == nil {
		shut = t.Before
	}
	if shut == nil {
		m.notice = "nothing was shut down yet"
		return nil
	}
	from := max(0, shut.T-lead)
	m.seek(m.index(from), from)
	m.play.paused = false
	return nil
}

// seek puts the playhead behind the first i events, at a time. Going back is
// folding again: there are no snapshots and nothing is undone.
func (m *Model) seek(i int, now time.Duration) {
	if m.play.level || i < m.at {
		m.play.level = false
		m.at = min(i, m.at)
		m.tree, m.stale = tree.Fold(m.tape[:m.at]), true
		m.rewind()
		m.rehear()
	}
	m.forward(i)
	m.now = now
	m.beat.last = time.Time{} // no time has passed here yet
	m.dirty = true
}

// forward applies events up to i.
func (m *Model) forward(i int) {
	for ; m.at < i; m.at++ {
		m.tree.Apply(&m.tape[m.at])
		m.flag(&m.tape[m.at])
		m.jot(m.at)
		m.hear(m.at)
		m.dirty = true
	}
	m.stale = m.stale || m.filter.volatile() || m.order.volatile() || m.past
}

// index is the number of events that have happened at d.
func (m *Model) index(d time.Duration) int {
	return sort.Search(len(m.due), func(i int) bool { return m.due[i] > d })
}

// when is the time at which i events have happened.
func (m *Model) when(i int) time.Duration {
	if i == 0 {
		return 0
	}
	return m.due[i-1]
}
