package supervise

import "sync"

// inbox is what is to be done by the goroutine that owns the state. It has no
// bound, so nobody who puts something in ever waits; what is put in is little: a
// line of output gets in only if it makes a command ready.
type inbox struct {
	mu    sync.Mutex
	tasks []func()
	wake  chan struct{}
}

func newInbox() *inbox { return &inbox{wake: make(chan struct{}, 1)} }

// put adds a task. It never blocks.
func (b *inbox) put(task func()) {
	b.mu.Lock()
	b.tasks = append(b.tasks, task)
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default: // it is awake already
	}
}

// take empties the inbox.
func (b *inbox) take() []func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	tasks := b.tasks
	b.tasks = nil
	return tasks
}
