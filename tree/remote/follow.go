package remote

import "sync"

// follower keeps the newest place of the cursor for one who follows it: however
// late it reads, one is all that waits.
type follower struct {
	mu      sync.Mutex
	on      bool
	stopped bool
	node    string
	moved   chan struct{}
}

// start begins to tell. It returns false if it has begun already.
func (f *follower) start(node string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.on || f.stopped {
		return false
	}
	f.on, f.node, f.moved = true, node, make(chan struct{}, 1)
	if node != "" {
		f.moved <- struct{}{}
	}
	return true
}

func (f *follower) tell(node string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.on || f.stopped {
		return
	}
	f.node = node
	select {
	case f.moved <- struct{}{}:
	default:
	}
}

func (f *follower) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.on && !f.stopped {
		close(f.moved)
	}
	f.stopped = true
}

// run calls tell with each place, until stop.
func (f *follower) run(tell func(node string) error) {
	for range f.moved {
		f.mu.Lock()
		node := f.node
		f.mu.Unlock()
		if tell(node) != nil {
			return
		}
	}
}
