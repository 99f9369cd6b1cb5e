package exitreg

import (
	"os"
	"time"
)

// bounce is how far apart two signals must be to count as two.
const bounce = 250 * time.Millisecond

// listen turns signals into the run and into its end by force. The goroutine that
// got the first signal does the run itself, for each hop would delay the first
// handler; another one goes on listening.
func (r *Registry) listen(c <-chan os.Signal) {
	for sig := range c {
		report := r.system().report
		report.prime()
		if r.driven(sig) || report.deaf(sig) {
			continue
		}
		now := time.Now()
		r.mu.Lock()
		run := r.start(&Cause{Signal: sig})
		force := r.presses.press(sig, now, r.enough(sig)) && run == nil
		r.mu.Unlock()
		if run != nil {
			go r.listen(c)
			run.walk()
			run.leave()
			return
		}
		if force {
			r.force(sig)
		}
	}
}

// driven says that a SIGINT is none of our business: it went to the whole
// foreground group, and the parent that adopted us, which lives, ends us in its
// own time. Otherwise both would shut down at once and race.
func (r *Registry) driven(sig os.Signal) bool {
	return sig == os.Interrupt && r.parent.PID != 0 && r.system().alive(r.parent)
}

// enough is how many signals force. A SIGTERM to a whole group or subtree reaches
// an adopted child twice: at once, and again when its parent comes to the handler
// that ends its children, which may be long after. That second one is no sign of
// lost patience, so while the adopting parent lives it takes one more.
func (r *Registry) enough(sig os.Signal) int {
	n := r.conf.force
	if n > 0 && sig == terminate && r.parent.PID != 0 && r.system().alive(r.parent) {
		n = max(n, 2) + 1
	}
	return n
}

// force cuts the run short. One that has ended is on its way out already.
func (r *Registry) force(sig os.Signal) {
	r.mu.Lock()
	run := r.run
	if run == nil || run.sig != nil || r.phase == ended {
		r.mu.Unlock()
		return
	}
	run.sig = sig
	r.mu.Unlock()
	run.cancel(ErrForced)
	close(run.forced)
}

// presses counts the signals that matter and says which one forces.
type presses struct {
	seen []os.Signal
	n    int
	last time.Time // of the last one that counted
}

// press takes one signal and says whether it is the force-th that counts: the
// first of all, then each one that came before already, or SIGINT after SIGTERM.
func (p *presses) press(sig os.Signal, now time.Time, force int) bool {
	again := false
	for _, s := range p.seen {
		again = again || s == sig || s == terminate && sig == os.Interrupt
	}
	first := p.n == 0
	if !again {
		p.seen = append(p.seen, sig)
	}
	if !first && (!again || now.Sub(p.last) < bounce) {
		return false
	}
	p.n, p.last = p.n+1, now
	return !first && force > 0 && p.n >= force
}
