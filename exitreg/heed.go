package exitreg

import (
	"bytes"
	"encoding/json"
	"io"
	"sync"
	"time"
)

const (
	breath     = 64  // orders that are obeyed at a stretch
	heededMost = 256 // that runs take in themselves in the life of a process: an observer may never stop
)

// heard is what the observer has said and nobody has obeyed yet. Two may take from
// it: the goroutine that listens, and the one that runs the handlers.
type heard struct {
	mu     sync.Mutex
	buf    bytes.Buffer
	heeded int // orders that runs took in themselves
}

// listen does what the observer says until it says nonsense or is gone; either
// way the process is on its own again. It sleeps now and then so that an observer
// that never stops talking costs next to nothing.
func (r *reporter) listen(conn wire) {
	defer r.drop()
	for n := 0; ; {
		if conn.ready() != nil {
			return
		}
		r.heard.mu.Lock()
		obeyed, ok := r.hear(conn, breath-n)
		r.heard.mu.Unlock()
		if !ok {
			return
		}
		if n += obeyed; n >= breath {
			time.Sleep(10 * time.Millisecond)
			n = 0
		}
	}
}

// heed obeys what the observer has said by now, before the goroutine that listens
// comes to it: an order that was given before a signal was sent stands when the
// signal has come (a Unix socket has it by then, see unix(7)).
func (r *reporter) heed() {
	if r.state.Load() != on {
		return
	}
	r.heard.mu.Lock()
	obeyed, ok := r.hear(r.conn, heededMost-r.heard.heeded)
	r.heard.heeded += obeyed
	r.heard.mu.Unlock()
	if !ok {
		r.drop()
	}
}

// hear obeys the orders that are there and does not wait. With most behind it, it
// reads no more. It leaves no whole order in the buffer, and is false if there is no
// observer to obey any more. r.heard.mu is held.
func (r *reporter) hear(conn wire, most int) (obeyed int, ok bool) {
	for b := &r.heard.buf; ; {
		line, _, whole := bytes.Cut(b.Bytes(), []byte{'\n'})
		if !whole {
			if obeyed >= most {
				return obeyed, true
			}
			if got, err := r.takeIn(conn); err != nil || got == 0 {
				return obeyed, err == nil
			}
			continue
		}
		var o order
		if json.Unmarshal(line, &o) != nil {
			return obeyed, false
		}
		b.Next(len(line) + 1)
		if why := r.obey(o); why != "" {
			r.note("exitreg: " + why)
		}
		obeyed++
	}
}

// takeIn reads what is there. r.heard.mu is held.
func (r *reporter) takeIn(conn wire) (n int, err error) {
	b := &r.heard.buf
	if b.Len() >= lineMax {
		return 0, io.ErrShortBuffer
	}
	b.Grow(512)
	p := b.AvailableBuffer()
	n, err = conn.take(p[:cap(p)])
	b.Write(p[:n])
	return n, err
}

// obey does what the observer says, or says why not.
func (r *reporter) obey(o order) (why string) {
	switch o.Do {
	case "freeze", "thaw":
		r.clock.stand(heldElsewhere, o.Do == "freeze")
	case "ready":
		r.answered()
	default:
		return r.gate.obey(o)
	}
	return ""
}
