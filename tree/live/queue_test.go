package live

import (
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

func TestQueue(t *testing.T) {
	q := &queue{wake: make(chan struct{}, 1)} // nobody takes anything out
	const n = 10_000
	for range n {
		q.push(&tree.Event{Kind: exitreg.KindOut, Text: "12345"})
		q.push(&tree.Event{Kind: exitreg.KindBegin})
	}
	if q.outLines != n || q.outBytes != 5*n || q.full() {
		t.Errorf("%d lines of %d bytes", q.outLines, q.outBytes)
	}
	seq := uint64(0)
	for {
		batch, _ := q.take()
		if len(batch) == 0 {
			break
		}
		if len(batch) > chunkSize {
			t.Errorf("a batch of %d", len(batch))
		}
		for _, e := range batch {
			if seq++; e.Seq != seq {
				t.Fatalf("event %d has seq %d", seq, e.Seq)
			}
		}
	}
	if seq != 2*n || q.outLines != 0 || q.outBytes != 0 {
		t.Errorf("%d events; %d lines of %d bytes left", seq, q.outLines, q.outBytes)
	}
}

func TestQueueEnds(t *testing.T) {
	q := newQueue()
	q.push(&tree.Event{Kind: exitreg.KindEOF})
	q.close()
	n := 0
	for batch := range q.out {
		n += len(batch)
	}
	if n != 1 || q.taken.Load() != 1 {
		t.Errorf("%d events, %d taken", n, q.taken.Load())
	}
}

func TestNotesAreRateLimited(t *testing.T) {
	s := newSession(Config{})
	for i := range 1000 {
		s.note(nil, "kind", "remark %d", i)
	}
	s.note(nil, "other", "of another kind")
	s.tellRest()
	s.queue.close()
	var texts []string
	for batch := range s.Events() {
		for _, e := range batch {
			texts = append(texts, e.Text)
		}
	}
	if len(texts) != noteBurst+2 || !strings.Contains(texts[len(texts)-1], "remark 999 (and 994 more") {
		t.Errorf("%d notes, the last %q", len(texts), texts[len(texts)-1])
	}
}

// What several processes said in one turn goes out in the order in which it
// happened; what one process said stays in its order, whatever its clock did.
func TestPassOn(t *testing.T) {
	s := &Session{queue: &queue{wake: make(chan struct{}, 1)}}
	for _, e := range []struct {
		at   time.Duration
		text string
	}{{30, "b1"}, {30, "b2"}, {40, "b3"}, {10, "a1"}, {30, "a2"}, {35, "a3"}} {
		s.told = append(s.told, told{e.at, tree.Event{Kind: exitreg.KindBegin, Text: e.text}})
	}
	s.passOn()
	batch, _ := s.queue.take()
	got := ""
	for _, e := range batch {
		got += e.Text + " "
	}
	if want := "a1 b1 b2 a2 a3 b3 "; got != want || len(s.told) != 0 {
		t.Errorf("%swant %s, %d left", got, want, len(s.told))
	}
}
