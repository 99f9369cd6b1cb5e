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
	t := time.NewTimer(react)
	defer t.Stop()
	select {
	case <-done:
	case <-t.C:
		r.voice.mute.Store(true)
	}
}
