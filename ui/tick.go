package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// The time between two frames.
const (
	frameMotion = time.Second / 30 // something moves
	frameGlow   = time.Second / 10 // a number counts, a bar grows
	frameCalm   = time.Second / 2  // the same, but nothing has happened for long

	slowMotion = time.Second / 15 // over a slow line
	slowGlow   = time.Second / 5

	calmAfter  = 10 * time.Second
	longestGap = time.Second // of a playhead: a machine that slept does not leap
)

// beat is the tick that is on its way. A tick with another tag is stale: two
// ticks can never double the speed.
type beat struct {
	tag    int
	period time.Duration // 0: none is on its way
	due    time.Time     // its deadline; zero: a period from when it was asked for
	last   time.Time     // of the last frame; zero: the playhead has just been put where it is
}

// tickMsg is a frame.
type tickMsg struct {
	tag int
	at  time.Time
}

// animate asks for the next frame if there is to be one, unless one is on its
// way that comes soon enough.
func (m *Model) animate() tea.Cmd {
	period := m.period()
	if period == 0 {
		m.beat = beat{tag: m.beat.tag + 1}
		return nil
	}
	if m.beat.period > 0 && m.beat.period <= period {
		return nil
	}
	m.beat.tag++
	m.beat.period = period
	if !m.beat.due.IsZero() {
		m.beat.due = m.beat.due.Add(period)
	}
	return tick(m.beat, m.opts.Now)
}

// tick waits for a deadline and not for a period, so that frames do not drift.
func tick(b beat, now func() time.Time) tea.Cmd {
	return func() tea.Msg {
		d := b.period
		if !b.due.IsZero() {
			d = min(d, b.due.Sub(now()))
		}
		if d > 0 {
			time.Sleep(d)
		}
		return tickMsg{tag: b.tag, at: now()}
	}
}

func (m *Model) onTick(msg tickMsg) tea.Cmd {
	if msg.tag != m.beat.tag {
		return nil
	}
	passed := time.Duration(0)
	if !m.beat.last.IsZero() {
		passed = min(max(0, msg.at.Sub(m.beat.last)), longestGap)
	}
	if m.beat.due.Before(msg.at.Add(-m.beat.period)) {
		m.beat.due = msg.at // the first, or much too late: nothing to catch up with
	}
	m.beat.last, m.beat.period = msg.at, 0
	if m.play.level {
		m.clock(msg.at)
		m.dirty = true
	} else {
		m.advance(passed)
	}
	return nil
}

// period is the time between frames now; 0 while nothing moves.
func (m *Model) period() time.Duration {
	motion, glow := frameMotion, frameGlow
	if m.opts.Slow {
		motion, glow = slowMotion, slowGlow
	}
	pending := !m.play.level && m.at < m.tape.Len()
	switch {
	case m.play.paused || m.width == 0 || m.height == 0:
		return 0
	case m.restless(), pending && m.play.speed > trueSpeed:
		return motion
	case pending:
		return glow
	case m.countsDown() && m.play.growing:
		return glow
	case m.play.growing && m.whyVisible() && m.whyStale():
		return frameCalm // to look at it again when it is time
	case m.tree.Counts.Exiting == 0 || !m.play.growing && m.at == m.tape.Len():
		return 0
	case m.now-m.tree.Last > calmAfter:
		return frameCalm
	}
	return glow
}

// restless says that something is in motion, not only a number that counts: the
// pulse of a signal, or what an event has just changed.
func (m *Model) restless() bool {
	t := m.tree
	switch {
	case !m.motion:
		return false
	case t.Counts.Exiting == 0 || t.Done:
		return m.now < m.moving()
	}
	return m.now < t.Last+entryTime || t.Signal != nil && m.now < t.Signal.T+pulseCools
}
