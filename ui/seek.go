package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// catchUp makes the picture level with the end of the tape.
func (m *Model) catchUp() {
	m.quest = quest{}
	if m.live() {
		m.play.level = true
		m.tree, m.stale = m.head, true
	}
	m.forward(m.tape.Len())
	m.now = max(m.now, m.tape.Duration())
	m.play.paused, m.play.speed = false, trueSpeed
}

// pause stops the picture, or lets it go on from where it stands. A recording
// that stands at its end begins again.
func (m *Model) pause() tea.Cmd {
	switch {
	case m.play.paused:
		m.play.paused = false
	case !m.live() && m.at == m.tape.Len() && m.now >= m.moving():
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
	if i < 0 || i > m.tape.Len() {
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
	if d > 0 && m.before(to) == m.tape.Len() {
		return m.toEnd()
	}
	m.seek(m.before(to), to)
	return nil
}

func (m *Model) toStart() tea.Cmd {
	m.seek(0, 0)
	return nil
}

func (m *Model) toEnd() tea.Cmd {
	if !m.live() {
		m.seek(m.tape.Len(), max(m.now, m.when(m.tape.Len())))
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
	for ; i >= 0 && i < m.tape.Len(); i += step {
		if m.tape.Kind(i) == "signal" {
			m.seek(i+1, m.tape.Due(i))
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
	m.once(m.tape.Len(), func() {
		t := m.memory.Head
		shut := t.Shut
		if shut == nil {
			shut = t.Before
		}
		if shut == nil {
			m.notice = "nothing was shut down yet"
			return
		}
		from := max(0, shut.T-lead)
		m.seek(m.before(from), from)
		m.play.paused = false
	})
	return nil
}

// seek puts the playhead behind the first i events, at a time, as soon as so much
// of the tape is known.
func (m *Model) seek(i int, now time.Duration) {
	m.once(i, func() {
		m.jump(i)
		m.now = now
		m.beat.last = time.Time{} // no time has passed here yet
		m.dirty = true
	})
}

// jump makes the picture that of the first i events: from the nearest moment that
// is remembered on, unless it is nearer from where it stands. A level picture is
// the truth, and not to be put back; the past has a tree of its own.
func (m *Model) jump(i int) {
	if m.play.level || i < m.at || m.memory.Nearest(i) > m.at+learnStep {
		m.play.level = false
		if m.tree == m.memory.Head {
			m.tree = m.aside
		}
		m.at, m.stale = m.memory.Restore(m.tree, i), true
		m.output.forget()
	}
	m.forward(i)
	lines := m.logged()
	m.back, m.picked = max(0, min(m.back, lines-1)), min(m.picked, lines)
}

// forward applies events up to i.
func (m *Model) forward(i int) {
	m.learn(i)
	if m.tree != m.memory.Head {
		for at := m.at; at < i; at++ {
			m.tree.Apply(m.event(at))
		}
	}
	first := m.at
	m.at, m.dirty = max(m.at, i), m.dirty || i > m.at
	m.hearAll(first, m.at)
	if m.back > 0 || m.picked > 0 { // who reads back in the log is not moved by what comes
		m.back += before32(m.index.log, m.at) - before32(m.index.log, first)
	}
	m.stale = m.stale || m.filter.volatile() || m.order.volatile() || m.past
}

// before is the number of events that have happened at d.
func (m *Model) before(d time.Duration) int { return m.tape.At(d) }

// when is the time at which i events have happened.
func (m *Model) when(i int) time.Duration {
	if i == 0 {
		return 0
	}
	return m.tape.Due(i - 1)
}
