package exitreg

import "time"

// primeMax is how long the first run of a process waits for the orders that stood
// when it said hello, where the environment says that there are some. It is part of
// the budget, and leaves some of that for events.
const primeMax = 80 * time.Millisecond

// owes notes that a hello was said to which the observer will answer with its
// orders. r.mu is held.
func (r *reporter) owes() {
	if r.orders == nil || !r.orders() || r.unprimed {
		return
	}
	if r.owed.Add(1) == 1 {
		r.primed = make(chan struct{})
	}
}

// answered notes that the orders for one hello have come.
func (r *reporter) answered() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.owed.Load() > 0 && r.owed.Add(-1) == 0 {
		close(r.primed)
	}
}

// forgo waits for no answer any more. r.mu is held.
func (r *reporter) forgo() {
	r.unprimed = true
	if r.owed.Swap(0) > 0 {
		close(r.primed)
	}
}

// prime sees to it that the process has the orders that were given before a run
// begins. Unobserved that is two loads.
func (r *reporter) prime() {
	r.await()
	r.heed()
}

// await waits for the orders that stood when the process said hello.
func (r *reporter) await() {
	if r.owed.Load() == 0 {
		return
	}
	r.mu.Lock()
	owed, primed, patience := r.owed.Load(), r.primed, min(primeMax, budget-r.waited)
	r.mu.Unlock()
	if owed == 0 || patience <= 0 {
		return
	}
	began := time.Now()
	if !inTime(primed, patience) {
		r.heed() // they may be there, and whoever listens had no turn
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waited += min(time.Since(began), patience) // not what this process lacked a processor for
	if r.owed.Load() > 0 {
		r.forgo()
		r.write(&Event{Kind: KindNote, Text: "exitreg: the orders did not come in time"})
	}
}
