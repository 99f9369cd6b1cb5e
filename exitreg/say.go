package exitreg

import (
	"sync/atomic"
	"time"
)

// voice keeps a logger, or a standard error that nobody reads, from holding up a
// shutdown.
type voice struct{ mute atomic.Bool }

// say tells of one failure. r.mu is not held.
func (r *Registry) say(err error) {
	if r.voice.mute.Load() {
		return
	}
	r.mu.Lock()
	log := r.conf.log
	r.mu.Unlock()
	if log == nil {
		stderr := r.system().stderr
		log = func(err error) { stderr([]byte("exitreg: " + oneLine(err.Error()) + "\n")) }
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { _ = recover() }() // a logger that panics has said enough
		log(err)
	}()
	if !inTime(done, react) {
		r.voice.mute.Store(true)
	}
}

// inTime waits until done is closed, for no longer than patience, and says whether it
// was. It waits by spells: a time in which this process has no processor, however long,
// is one of them, and no sign that somebody else takes too long.
func inTime(done <-chan struct{}, patience time.Duration) bool {
	const spells = 10
	t := time.NewTimer(patience / spells)
	defer t.Stop()
	for n := 1; ; n++ {
		select {
		case <-done:
			return true
		case <-t.C:
		}
		if n < spells {
			t.Reset(patience / spells)
			continue
		}
		select {
		case <-done:
			return true
		default:
			return false
		}
	}
}
