package exitreg

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// ear is an observer within a bubble: it takes all that it is told, and says what the
// test has it say.
type ear struct {
	words  chan string
	mu     sync.Mutex
	rest   []byte
	closed chan struct{}
}

func (e *ear) ready() error {
	select {
	case w := <-e.words:
		e.mu.Lock()
		e.rest = append(e.rest, w+"\n"...)
		e.mu.Unlock()
		return nil
	case <-e.closed:
		return io.EOF
	}
}

func (e *ear) take(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

func (e *ear) send([]byte, time.Duration) (time.Duration, error) { return 0, nil }

func (e *ear) Close() error {
	select {
	case <-e.closed:
	default:
		close(e.closed)
	}
	return nil
}

// say returns when the process has obeyed.
func (e *ear) say(word string) {
	e.words <- word
	synctest.Wait()
}

// observed has f watched.
func (f *fake) observed() *ear {
	e := &ear{words: make(chan string), closed: make(chan struct{})}
	f.sys.report = &reporter{path: func() string { return "x" }, dial: func(string, time.Duration) (wire, time.Duration, error) { return e, 0, nil }}
	f.sys.report.open()
	return e
}

// inWatchedBubble is inBubble with an observer.
func inWatchedBubble(t *testing.T, test func(t *testing.T, f *fake, e *ear)) {
	t.Helper()
	inBubble(t, func(t *testing.T, f *fake) {
		e := f.observed()
		test(t, f, e)
		e.Close()
	})
}

// end is how a context ended, and when.
type end struct {
	after      time.Duration
	err, cause error
}

// waitFor registers a handler that waits for the end of its context, and of one made
// from it.
func (f *fake) waitFor(ends chan<- end, opts ...HandlerOption) {
	f.Register("waits", func(ctx context.Context) error {
		began := time.Now()
		derived, cancel := context.WithTimeout(context.WithValue(ctx, f, 1), time.Hour)
		defer cancel()
		<-derived.Done()
		ends <- end{time.Since(began), derived.Err(), context.Cause(derived)}
		<-ctx.Done()
		ends <- end{time.Since(began), ctx.Err(), context.Cause(ctx)}
		return nil
	}, opts...)
}

// The contexts of an observed process end as those of any other, in the same way and
// at the same time, as long as nobody is held.
func TestLimitsAreTheSame(t *testing.T) {
	for name, c := range map[string]struct {
		opts  []HandlerOption
		conf  []Option
		after time.Duration
		cause error
	}{
		"its timeout":              {[]HandlerOption{Timeout(time.Second)}, nil, time.Second, ErrHandlerTimeout},
		"the grace":                {nil, []Option{Grace(2 * time.Second)}, 2 * time.Second, ErrGrace},
		"its timeout is nearer":    {[]HandlerOption{Timeout(time.Second)}, []Option{Grace(2 * time.Second)}, time.Second, ErrHandlerTimeout},
		"the grace is nearer":      {[]HandlerOption{Timeout(3 * time.Second)}, []Option{Grace(2 * time.Second)}, 2 * time.Second, ErrGrace},
		"both at the same time":    {[]HandlerOption{Timeout(time.Second)}, []Option{Grace(time.Second)}, time.Second, nil},
		"a timeout that is no one": {[]HandlerOption{Timeout(0)}, []Option{Grace(time.Second)}, time.Second, ErrGrace},
	} {
		for _, watched := range []bool{false, true} {
			inBubble(t, func(t *testing.T, f *fake) {
				if watched {
					defer f.observed().Close()
				}
				f.install(c.conf...)
				ends := make(chan end, 2)
				var until time.Time
				f.waitFor(ends, c.opts...)
				f.Register("deadline", func(ctx context.Context) error {
					until, _ = ctx.Deadline()
					return nil
				}, c.opts...)
				began := time.Now()
				go f.Exit(0)
				for range 2 {
					e := <-ends
					if e.after != c.after || e.err != context.DeadlineExceeded || c.cause != nil && e.cause != c.cause {
						t.Errorf("%s, watched %v: %+v", name, watched, e)
					}
				}
				if got := until.Sub(began); got != c.after {
					t.Errorf("%s, watched %v: the deadline is in %v", name, watched, got)
				}
				<-f.ended
			})
		}
	}
}

// A run that is cut short ends an observed handler's context as any other.
func TestForceEndsALimit(t *testing.T) {
	inWatchedBubble(t, func(t *testing.T, f *fake, e *ear) {
		f.install(Grace(time.Minute))
		ends := make(chan end, 2)
		f.waitFor(ends, Timeout(time.Minute))
		f.signals <- terminate
		time.Sleep(time.Second)
		f.signals <- terminate
		for range 2 {
			if got := <-ends; got.after != time.Second || got.err != context.Canceled || got.cause != ErrForced {
				t.Errorf("%+v", got)
			}
		}
		<-f.ended
	})
}

// While the observer has time stand, neither a timeout nor the grace comes nearer; the
// deadline moves along.
func TestTimeStands(t *testing.T) {
	for name, c := range map[string]struct {
		opts []HandlerOption
		conf []Option
	}{
		"timeout": {[]HandlerOption{Timeout(time.Second)}, nil},
		"grace":   {nil, []Option{Grace(time.Second)}},
		"both":    {[]HandlerOption{Timeout(time.Second)}, []Option{Grace(time.Second)}},
	} {
		inWatchedBubble(t, func(t *testing.T, f *fake, e *ear) {
			f.install(c.conf...)
			ends := make(chan end, 2)
			f.waitFor(ends, c.opts...)
			go f.Exit(0)
			time.Sleep(400 * time.Millisecond)
			e.say(`{"do":"freeze"}`)
			time.Sleep(time.Hour)
			e.say(`{"do":"thaw"}`)
			time.Sleep(300 * time.Millisecond)
			e.say(`{"do":"freeze"}`)
			e.say(`{"do":"freeze"}`)
			time.Sleep(time.Hour)
			e.say(`{"do":"thaw"}`)
			for range 2 {
				if got := <-ends; got.after != 2*time.Hour+time.Second || got.err != context.DeadlineExceeded {
					t.Errorf("%s: %+v", name, got)
				}
			}
			<-f.ended
		})
	}
}

// The loss of the observer lets time go on, for good.
func TestTimeGoesOnWithoutObserver(t *testing.T) {
	inWatchedBubble(t, func(t *testing.T, f *fake, e *ear) {
		ends := make(chan end, 2)
		f.waitFor(ends, Timeout(time.Second))
		go f.Exit(0)
		time.Sleep(400 * time.Millisecond)
		e.say(`{"do":"freeze"}`)
		time.Sleep(time.Minute)
		e.Close()
		if got := <-ends; got.after != time.Minute+time.Second {
			t.Errorf("%+v", got)
		}
		f.sys.report.clock.stand(heldElsewhere, true) // a word that was read before
		if f.sys.report.clock.stands != 0 {
			t.Error("it stands again")
		}
		<-f.ended
	})
}

// The process's own hold stops its time without a word of the observer's.
func TestOwnHoldStopsTime(t *testing.T) {
	inWatchedBubble(t, func(t *testing.T, f *fake, e *ear) {
		f.install(Grace(time.Second))
		f.stack("a")
		f.takes("b", 600*time.Millisecond)
		f.stack("c")
		e.say(`{"do":"hold"}`)
		go func() {
			for range 3 {
				time.Sleep(time.Hour)
				e.words <- `{"do":"step"}`
			}
		}()
		f.want(f.exit(0), "c b a", "code 0", 3*time.Hour)
	})
}

// The clock's alarms ring after their time and that for which it stood, whatever the
// order of it all.
func TestAlarms(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		synctest.Test(t, func(t *testing.T) {
			var c clock
			type set struct{ want, left time.Duration }
			var sets []*set
			var mu sync.Mutex
			rang := map[*set]time.Duration{}
			began, stands := time.Now(), uint8(0)
			for range 40 {
				switch rnd.IntN(4) {
				case 0:
					s := &set{left: time.Duration(1+rnd.IntN(50)) * time.Millisecond} // one of 0 rings at once, beside us
					sets = append(sets, s)
					a := c.alarm(s.left, func() {
						mu.Lock()
						defer mu.Unlock()
						rang[s] = time.Since(began)
					})
					if rnd.IntN(8) == 0 {
						a.cancel()
						s.left = -1
					}
				case 1:
					why := []uint8{heldHere, heldElsewhere}[rnd.IntN(2)]
					on := rnd.IntN(2) == 0
					if c.stand(why, on); on {
						stands |= why
					} else {
						stands &^= why
					}
				default:
					d := time.Duration(rnd.IntN(20)) * time.Millisecond
					for _, s := range sets { // what the clock should make of it
						if stands == 0 && s.left >= 0 && s.want == 0 {
							if s.left <= d {
								s.want = time.Since(began) + s.left
							}
							s.left -= d
						}
					}
					time.Sleep(d)
					synctest.Wait()
				}
			}
			mu.Lock()
			for _, s := range sets {
				if rang[s] != s.want {
					t.Errorf("it rang at %v, want %v", rang[s], s.want)
				}
			}
			mu.Unlock()
			c.end()
			time.Sleep(time.Second) // the rest rings
		})
	}
}

// A handler that is told of its deadline while time stands is told of the earliest.
func TestDeadlineWhileTimeStands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c clock
		c.stand(heldHere, true)
		outer := c.limit(context.Background(), 3*time.Second, ErrGrace)
		inner := c.limit(outer, 2*time.Second, ErrHandlerTimeout)
		time.Sleep(time.Hour)
		if at, ok := inner.Deadline(); time.Until(at) != 2*time.Second || !ok {
			t.Errorf("in %v", time.Until(at))
		}
		if inner.Err() != nil || outer.Err() != nil {
			t.Error("one is over")
		}
		outer.cancel()
		<-inner.Done()
		if !errors.Is(inner.Err(), context.Canceled) {
			t.Errorf("%v", inner.Err())
		}
		inner.cancel()
		synctest.Wait()
	})
}
