package live

import (
	"sync"
	"sync/atomic"

	"multiexit/exitreg"
	"multiexit/tree"
)

// Output that nobody reads is bounded (see lines); the rest of the stream is
// not, for it cannot be made up again.
const (
	maxOutLines = 100_000
	maxOutBytes = 64 << 20
)

// chunkSize is how many events are queued, and given to the reader, in one piece.
const chunkSize = 512

// queue stands between the watcher, which must never wait, and the reader of the
// stream, who may be slow.
type queue struct {
	out    chan []tree.Event
	wake   chan struct{}
	taken  atomic.Uint64 // Seq of the newest event the reader has been given
	relief func()        // called after each batch given; may be nil

	mu       sync.Mutex
	chunks   [][]tree.Event // the last one is being filled
	seq      uint64
	outLines int // in chunks
	outBytes int
	closed   bool
}

func newQueue() *queue {
	q := &queue{out: make(chan []tree.Event), wake: make(chan struct{}, 1)}
	go q.pump()
	return q
}

// push stamps the sequence number and keeps a copy of e. After the end it does
// neither.
func (q *queue) push(e *tree.Event) (kept bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	if e.Kind == exitreg.KindOut {
		q.outLines++
		q.outBytes += len(e.Text)
	}
	q.seq++
	e.Seq = q.seq
	last := len(q.chunks) - 1
	if last < 0 || len(q.chunks[last]) >= chunkSize {
		q.chunks = append(q.chunks, nil)
		last++
	}
	if len(q.chunks[last]) == 16 { // few events are the rule; many come in thousands
		q.chunks[last] = append(make([]tree.Event, 0, chunkSize), q.chunks[last]...)
	}
	q.chunks[last] = append(q.chunks[last], *e)
	if last == 0 && len(q.chunks[0]) == 1 {
		q.ring()
	}
	return true
}

func (q *queue) ring() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// full says that there is no room for more output.
func (q *queue) full() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.outLines >= maxOutLines || q.outBytes >= maxOutBytes
}

// newest is the Seq of the newest event.
func (q *queue) newest() uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.seq
}

// close ends the stream after what is queued.
func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.ring()
}

// pump hands batches to the reader until the queue is closed and empty.
func (q *queue) pump() {
	defer close(q.out)
	for range q.wake {
		for {
			batch, closed := q.take()
			if len(batch) == 0 {
				if closed {
					return
				}
				break
			}
			q.out <- batch
			q.taken.Store(batch[len(batch)-1].Seq)
			if q.relief != nil {
				q.relief()
			}
		}
	}
}

func (q *queue) take() (batch []tree.Event, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.chunks) == 0 {
		return nil, q.closed
	}
	batch = q.chunks[0]
	q.chunks[0] = nil
	if q.chunks = q.chunks[1:]; len(q.chunks) == 0 {
		q.chunks = nil // else the slice would creep through memory
	}
	for i := range batch {
		if batch[i].Kind == exitreg.KindOut {
			q.outLines--
			q.outBytes -= len(batch[i].Text)
		}
	}
	return batch, q.closed
}
