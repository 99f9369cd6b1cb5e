package ui

import (
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// Feed is the way of events from the observer to the screen: a queue without an
// end, so that a slow or stalled terminal never slows what is watched. All
// methods may be called from any goroutine.
type Feed struct {
	mu     sync.Mutex
	queue  []tree.Event
	sieve  sieve // not everything that is printed can be kept
	closed bool
	wake   chan struct{} // holds one token while there is something to take
}

// NewFeed makes an open feed.
func NewFeed() *Feed { return &Feed{wake: make(chan struct{}, 1)} }

// Add appends events. It never blocks. The slice stays the caller's. What is
// added after Close is dropped.
func (f *Feed) Add(events []tree.Event) {
	if len(events) == 0 {
		return
	}
	f.mu.Lock()
	if !f.closed {
		f.queue = f.sieve.pass(f.queue, events)
	}
	f.mu.Unlock()
	f.token()
}

// Close says that nothing more will come. What was added before is still
// delivered. Twice: no change.
func (f *Feed) Close() {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	f.token()
}

func (f *Feed) token() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// roomy is the longest queue whose memory is used again.
const roomy = 1 << 14

// feedMsg is all that came since the last one.
type feedMsg struct {
	events []tree.Event
	closed bool      // and nothing more will come
	at     time.Time // when it was taken: the clock of the live picture
}

// wait is the one subscription of the model. It waits for something to come,
// then for the next frame slot (a slot after last), and takes the whole batch:
// one message a frame however many events, for View runs after every message.
// After a silence the slot lies in the past, so the first event is drawn at
// once. The spare slice becomes the new queue.
func (f *Feed) wait(last time.Time, slot time.Duration, spare []tree.Event, now func() time.Time) tea.Cmd {
	return func() tea.Msg {
		select {
		case <-f.wake:
		case <-f.quiet():
			f.settle()
		}
		if d := min(slot, last.Add(slot).Sub(now())); d > 0 {
			time.Sleep(d)
		}
		msg := f.take(spare)
		msg.at = now()
		return msg
	}
}

// quietFor is how long nothing must have come until the end of what was left out
// is shown.
const quietFor = 200 * time.Millisecond

// quiet is when that will be; nil if nothing was left out.
func (f *Feed) quiet() <-chan time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.sieve.dropped == 0 {
		return nil
	}
	return time.After(quietFor)
}

// settle lets the last words through that were left out.
func (f *Feed) settle() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queue = f.sieve.flush(f.queue, 0)
}

func (f *Feed) take(spare []tree.Event) feedMsg {
	clear(spare) // lets go of the strings
	if cap(spare) > roomy {
		spare = nil // and of the room of a burst
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	select { // what the token stood for is in the queue now
	case <-f.wake:
	default:
	}
	msg := feedMsg{events: f.queue, closed: f.closed}
	f.queue = spare[:0]
	f.sieve.waiting = 0
	return msg
}

// onFeed takes a batch in and asks for the next.
func (m *Model) onFeed(msg feedMsg) tea.Cmd {
	m.take(msg)
	if msg.closed {
		m.play.growing = false
		m.dirty = true // the badge says so
		if m.ending {
			return tea.Quit
		}
		return m.animate()
	}
	next := m.opts.Feed.wait(msg.at, m.slot(), msg.events, m.opts.Now)
	return tea.Batch(next, m.animate())
}

// take appends a batch to the tape, and to the picture if that is level.
func (m *Model) take(msg feedMsg) {
	m.record(msg.events)
	if m.play.level {
		m.clock(msg.at)
		m.forward(m.tape.Len())
		return
	}
	m.dirty = true // the badge says how far behind the picture is
}

// record appends events to the tape, and learns them at once.
func (m *Model) record(events []tree.Event) {
	m.learn(m.tape.Len())
	for i := range events {
		m.tape.Append(&events[i])
		m.study(m.tape.Len()-1, &events[i])
	}
	m.shorten()
}

// slot is the time between two batches.
func (m *Model) slot() time.Duration {
	if m.opts.Slow {
		return time.Second / 15
	}
	return time.Second / 60
}
