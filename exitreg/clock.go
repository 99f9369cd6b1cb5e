package exitreg

import (
	"context"
	"sync"
	"time"
)

// clock is what the timeouts and the grace of an observed process are measured by.
// It stands while the process is held, and while the observer says that another one
// is: a process that is looked at in peace must not be killed by a parent's patience.
// Without an observer there is none, and time is what it always was.
type clock struct {
	mu     sync.Mutex
	stands uint8 // why, if it does
	over   bool  // the observer is gone: it goes on for good
	alarms map[*alarm]struct{}
}

// Why a clock stands.
const (
	heldHere uint8 = 1 << iota
	heldElsewhere
)

// alarm is a moment on a clock.
type alarm struct {
	clock *clock
	ring  func()
	at    time.Time     // when it rings, while the clock goes
	left  time.Duration // until then, while it stands
	timer *time.Timer
}

func (c *clock) alarm(d time.Duration, ring func()) *alarm {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := &alarm{clock: c, ring: ring, at: time.Now().Add(d), left: d}
	if c.alarms == nil {
		c.alarms = map[*alarm]struct{}{}
	}
	c.alarms[a] = struct{}{}
	a.timer = time.AfterFunc(d, a.expire)
	if c.stands != 0 {
		a.timer.Stop()
	}
	return a
}

// expire rings unless the clock was stopped, or set back, just before.
func (a *alarm) expire() {
	c := a.clock
	c.mu.Lock()
	_, set := c.alarms[a]
	due := set && c.stands == 0 && !time.Now().Before(a.at)
	if due {
		delete(c.alarms, a)
	}
	c.mu.Unlock()
	if due {
		a.ring()
	}
}

func (a *alarm) cancel() {
	a.clock.mu.Lock()
	defer a.clock.mu.Unlock()
	a.timer.Stop()
	delete(a.clock.alarms, a)
}

// due is when it rings; while the clock stands, if that went on now.
func (a *alarm) due() time.Time {
	a.clock.mu.Lock()
	defer a.clock.mu.Unlock()
	if a.clock.stands != 0 {
		return time.Now().Add(a.left)
	}
	return a.at
}

// stand stops the clock for a reason, or takes that reason away.
func (c *clock) stand(why uint8, on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if on && !c.over {
		c.set(c.stands | why)
	} else {
		c.set(c.stands &^ why)
	}
}

// end lets it go on for good.
func (c *clock) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	c.set(0)
}

func (c *clock) set(stands uint8) {
	was := c.stands != 0
	if c.stands = stands; was == (stands != 0) {
		return
	}
	now := time.Now()
	for a := range c.alarms {
		if was {
			a.at = now.Add(a.left)
			a.timer.Reset(a.left)
		} else {
			a.timer.Stop()
			a.left = max(a.at.Sub(now), 0)
		}
	}
}

// limit is a context with a deadline on the clock. It is what
// context.WithDeadlineCause gives, with a deadline that may move; that one's cannot.
type limit struct {
	context.Context // ends with the one it comes from, or with why
	end             context.CancelCauseFunc
	why             error
	alarm           *alarm
	done            chan struct{} // its own, so that contexts made from it ask it, and not the one inside, for their Err
}

func (c *clock) limit(from context.Context, d time.Duration, why error) *limit {
	l := &limit{why: why, done: make(chan struct{})}
	l.Context, l.end = context.WithCancelCause(from)
	context.AfterFunc(l.Context, func() { close(l.done) })
	l.alarm = c.alarm(d, func() { l.end(why) })
	return l
}

func (l *limit) cancel() {
	l.alarm.cancel()
	l.end(nil)
}

func (l *limit) Done() <-chan struct{} { return l.done }

func (l *limit) Err() error {
	select {
	case <-l.done:
	default:
		return nil
	}
	if context.Cause(l.Context) == l.why {
		return context.DeadlineExceeded
	}
	return l.Context.Err()
}

func (l *limit) Deadline() (time.Time, bool) {
	at := l.alarm.due()
	if sooner, ok := l.Context.Deadline(); ok && sooner.Before(at) {
		return sooner, true
	}
	return at, true
}

// limit is a context that ends after d: by the clock of an observed process.
func (r *reporter) limit(from context.Context, d time.Duration, why error) (context.Context, context.CancelFunc) {
	if r.state.Load() != on {
		return context.WithDeadlineCause(from, time.Now().Add(d), why)
	}
	l := r.clock.limit(from, d, why)
	return l, l.cancel
}

// timer is a channel that is ready after d, in the same way.
func (r *reporter) timer(d time.Duration) (up <-chan time.Time, stop func()) {
	if r.state.Load() != on {
		t := time.NewTimer(d)
		return t.C, func() { t.Stop() }
	}
	c := make(chan time.Time, 1)
	a := r.clock.alarm(d, func() { c <- time.Now() })
	return c, a.cancel
}
