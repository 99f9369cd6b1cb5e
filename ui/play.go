package ui

import (
	"time"

	"multiexit/tree"
	"multiexit/tree/tape"
)

// play is how the playhead moves over the tape.
type play struct {
	growing bool // the feed is open: the tape has no end yet
	level   bool // the playhead is tied to the end of a growing tape: what comes is shown at once
	paused  bool // the picture stands; what comes is collected
	speed   int  // index into speeds
}

// speeds are the factors between presentation time and true time.
var speeds = [...]float64{.1, .25, .5, 1, 2, 5, 10, 25, 50, 100}

const trueSpeed = 3 // index of 1

// factor is the speed of the presentation: 1 is true time.
func (p *play) factor() float64 { return speeds[p.speed] }

// mode is the one word that says what the screen does now: the badge.
type mode uint8

const (
	modeLive     mode = iota // level with a growing tape, nothing exits
	modeExiting              // level, and something exits
	modeHeld                 // level, and processes wait before a handler for the user, or will
	modeStopping             // everything is being ended, then the screen leaves
	modeEnded                // everything is gone, the result stays on the screen
	modeFilter               // keys go to the filter
	modeTyping               // keys go to the program in a terminal
	modeGoTo                 // keys go to the line that says where to go
	modePaused               // the picture stands; see behind
	modeSpeed                // slow or fast motion; see play.factor
	modeReplay               // a recording, or the past of a growing tape, at true speed
)

// mode says what the badge shows.
func (m *Model) mode() mode {
	switch {
	case m.filter.editing:
		return modeFilter
	case m.goTo.editing:
		return modeGoTo
	case m.desk.attached:
		return modeTyping
	case m.play.level && m.play.growing && m.holdsHere():
		return modeHeld
	case m.ending:
		return modeStopping
	case m.play.paused:
		return modePaused
	case m.play.speed != trueSpeed:
		return modeSpeed
	case !m.play.level:
		return modeReplay
	case !m.play.growing, m.allOver():
		return modeEnded
	case m.tree.Counts.Exiting > 0:
		return modeExiting
	}
	return modeLive
}

// allOver says that nothing lives, and that nothing will by itself: the screen
// stays, for commands can be started again.
func (m *Model) allOver() bool {
	if m.tree.Counts.Alive() > 0 || m.tree.Counts.Total() == 0 {
		return false
	}
	for _, c := range m.tree.Commands {
		if !c.State.Over() {
			return false
		}
	}
	return true
}

// behind says how far the picture is behind the end of the tape.
func (m *Model) behind() (events int, d time.Duration) {
	events = m.tape.Len() - m.at
	if events > 0 {
		d = max(0, m.tape.Duration()-m.now)
	}
	return events, d
}

// live says that there are processes behind the screen, not a recording.
func (m *Model) live() bool { return m.opts.Feed != nil }

// load makes a tape ready to be played: from its beginning, or level with the
// end of one that grows.
func (m *Model) load() {
	m.play = play{speed: trueSpeed, growing: m.live(), level: m.live()}
	m.memory, m.aside = tree.NewPast(markSpan), new(tree.Tree)
	if m.live() {
		m.tape, m.prepared = new(tape.Reel), true
		m.head = m.memory.Head
		m.tree = m.head
		return
	}
	m.tape, m.tree = m.opts.Tape.Reel(), m.aside
	m.memory.Restore(m.tree, 0)
	m.learn(min(m.tape.Len(), learnAtOnce))
}

// clock takes the time of a level picture from a moment. It never goes back.
func (m *Model) clock(at time.Time) {
	m.now = max(m.now, at.Sub(m.opts.Header.Start))
}

// advance moves the playhead by the time that has passed since the last frame.
func (m *Model) advance(passed time.Duration) {
	m.now += time.Duration(float64(passed) * m.play.factor())
	i := m.before(m.now)
	if most := max(m.at, m.learnt()) + learnStep; i > most { // the rest is too much for a frame
		i, m.now = most, m.tape.Due(most-1)
	}
	m.jump(i)
	if m.live() {
		m.skip()
	}
	m.dirty = true
}

// skip leaves out the time in which nothing happens, and is level again when it
// has seen everything: so slow motion stretches what happens and does not pile
// up a delay while nothing does.
func (m *Model) skip() {
	quiet := m.tree.Counts.Exiting == 0 && m.now >= m.moving()
	switch {
	case m.at < m.tape.Len() && quiet:
		m.now = max(m.now, m.tape.Due(m.at))
		m.forward(m.before(m.now))
	case m.at == m.tape.Len() && m.play.factor() >= 1 && !m.restless():
		m.catchUp()
	}
}

// truth is the tree as it is now, wherever the playhead stands: what a signal
// would reach.
func (m *Model) truth() *tree.Tree {
	if m.head != nil {
		return m.head
	}
	return m.tree
}
