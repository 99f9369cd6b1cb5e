package tape

import (
	"encoding/binary"
	"slices"
	"sort"
	"strings"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// Reel keeps events in about a tenth of the memory that they take as a slice:
// packed, one behind the other, with every name once. It only grows. The zero
// value is an empty one.
type Reel struct {
	chunks [][]byte        // events, packed; what is written in one stays where it is
	at     []uint64        // of each event: chunk<<32 | offset
	due    []time.Duration // see Tape.Due
	kinds  []uint8         // of each event, in words; 0: it stands with the event

	words   []exitreg.Kind
	names   []string
	known   map[string]uint32 // names, from 1
	recent  [12]recent        // the name that each key had last
	argvs   [][]string
	argvOf  map[string]uint32 // argvs, from 1, by what they come to
	scratch []byte
	key     []byte
}

type recent struct {
	name string
	id   uint32
}

const (
	chunkSize = 256 << 10
	mostNames = 1 << 20 // more are not kept apart
	longName  = 64      // nor are longer ones
	mostArgvs = 1 << 16
)

// The bits of what a packed event has. Names come first: their bit is their place
// in recent.
const (
	hasNode = 1 << iota
	hasName
	hasID
	hasHandler
	hasFrom
	hasSrc
	hasSig
	hasStream
	hasSender
	hasScope
	hasProv
	hasKind
	hasSeq // it is not the place of the event
	hasT   // it is before that of an earlier event
	hasAt
	hasPID
	hasN
	hasCode
	hasErr
	hasText
	hasElapsed
	hasTimeout
	hasArgv
	isShared
	isCore
	hasNeeds
)

// Len is the number of events.
func (r *Reel) Len() int { return len(r.at) }

// Kind is the kind of an event.
func (r *Reel) Kind(i int) exitreg.Kind {
	if w := r.kinds[i]; w > 0 {
		return r.words[w-1]
	}
	var e tree.Event
	r.Event(i, &e)
	return e.Kind
}

// Due is the time from which on an event has happened on the playhead's way; see
// Tape.Due.
func (r *Reel) Due(i int) time.Duration { return r.due[i] }

// At is the number of events that have happened at d.
func (r *Reel) At(d time.Duration) int {
	return sort.Search(len(r.due), func(i int) bool { return r.due[i] > d })
}

// Duration is the greatest time on the reel.
func (r *Reel) Duration() time.Duration {
	if len(r.due) == 0 {
		return 0
	}
	return r.due[len(r.due)-1]
}

// Snapshot is what is on the reel now, for another goroutine to read while the
// reel grows.
func (r *Reel) Snapshot() *Reel {
	return &Reel{chunks: slices.Clone(r.chunks), at: r.at, due: r.due, kinds: r.kinds, words: r.words, names: r.names, argvs: r.argvs}
}

// Append adds an event at the end. It keeps no reference to e.
func (r *Reel) Append(e *tree.Event) {
	due := max(e.T, r.Duration())
	mask := r.mask(e, due)
	b := binary.AppendUvarint(r.scratch[:0], uint64(mask))
	for i, s := range [...]string{e.Node, e.Name, e.ID, e.Handler, e.From, e.Src, e.Sig, e.Stream, e.Sender, e.Scope, string(e.Prov), string(e.Kind)} {
		if mask&(1<<i) != 0 {
			b = r.appendName(b, i, s)
		}
	}
	for _, v := range [...]struct {
		has uint32
		v   int64
	}{
		{hasSeq, int64(e.Seq - uint64(len(r.at)+1))}, {hasT, int64(e.T - due)}, {hasAt, e.At}, {hasPID, int64(e.PID)}, {hasN, int64(e.N)},
		{hasElapsed, int64(e.Elapsed)}, {hasTimeout, int64(e.Timeout)},
	} {
		if mask&v.has != 0 {
			b = binary.AppendVarint(b, v.v)
		}
	}
	if e.Code != nil {
		b = binary.AppendVarint(b, int64(*e.Code))
	}
	if mask&hasErr != 0 {
		b = appendText(b, e.Err)
	}
	if mask&hasText != 0 {
		b = appendText(b, e.Text)
	}
	if mask&hasArgv != 0 {
		b = binary.AppendUvarint(b, uint64(r.argv(e.Argv)))
	}
	if mask&hasNeeds != 0 {
		b = binary.AppendUvarint(b, uint64(r.argv(e.Needs)))
	}
	r.scratch = b
	r.put(b)
	r.due = append(r.due, due)
	r.kinds = append(r.kinds, r.word(e.Kind))
}

func (r *Reel) mask(e *tree.Event, due time.Duration) (mask uint32) {
	set := func(bit uint32, is bool) {
		if is {
			mask |= bit
		}
	}
	set(hasNode, e.Node != "")
	set(hasName, e.Name != "")
	set(hasID, e.ID != "")
	set(hasHandler, e.Handler != "")
	set(hasFrom, e.From != "")
	set(hasSrc, e.Src != "")
	set(hasSig, e.Sig != "")
	set(hasStream, e.Stream != "")
	set(hasSender, e.Sender != "")
	set(hasScope, e.Scope != "")
	set(hasProv, e.Prov != "")
	set(hasKind, r.word(e.Kind) == 0)
	set(hasSeq, e.Seq != uint64(len(r.at)+1))
	set(hasT, e.T != due)
	set(hasAt, e.At != 0)
	set(hasPID, e.PID != 0)
	set(hasN, e.N != 0)
	set(hasCode, e.Code != nil)
	set(hasErr, e.Err != "")
	set(hasText, e.Text != "")
	set(hasElapsed, e.Elapsed != 0)
	set(hasTimeout, e.Timeout != 0)
	set(hasArgv, e.Argv != nil)
	set(isShared, e.Shared)
	set(isCore, e.Core)
	set(hasNeeds, e.Needs != nil)
	return mask
}

// put puts a packed event into a chunk.
func (r *Reel) put(b []byte) {
	n := len(r.chunks)
	if n == 0 || cap(r.chunks[n-1])-len(r.chunks[n-1]) < len(b) {
		r.chunks = append(r.chunks, make([]byte, 0, max(chunkSize, len(b))))
		n++
	}
	c := &r.chunks[n-1]
	r.at = append(r.at, uint64(n-1)<<32|uint64(len(*c)))
	*c = append(*c, b...)
}

// word is the number of a kind; 0 when there are too many of them.
func (r *Reel) word(k exitreg.Kind) uint8 {
	for i, w := range r.words {
		if w == k {
			return uint8(i + 1)
		}
	}
	if len(r.words) == 64 {
		return 0
	}
	r.words = append(r.words, exitreg.Kind(strings.Clone(string(k))))
	return uint8(len(r.words))
}

// appendName appends a string that is likely to come again: its number, or 0 and
// the string.
func (r *Reel) appendName(b []byte, key int, s string) []byte {
	last := &r.recent[key]
	if last.name == s {
		return binary.AppendUvarint(b, uint64(last.id))
	}
	id, ok := r.known[s]
	if !ok {
		if len(s) > longName || len(r.names) >= mostNames {
			return appendText(append(b, 0), s)
		}
		if r.known == nil {
			r.known = map[string]uint32{}
		}
		s = strings.Clone(s)
		r.names = append(r.names, s)
		id = uint32(len(r.names))
		r.known[s] = id
	}
	*last = recent{r.names[id-1], id}
	return binary.AppendUvarint(b, uint64(id))
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// argv is the number of a command line, or of other words, from 1; those that are the same have the
// same, as far as it is worth it.
func (r *Reel) argv(argv []string) uint32 {
	key := r.key[:0]
	for _, s := range argv {
		key = appendText(key, s)
	}
	r.key = key
	if n, ok := r.argvOf[string(key)]; ok {
		return n
	}
	kept := make([]string, len(argv))
	for i, s := range argv {
		kept[i] = strings.Clone(s)
	}
	r.argvs = append(r.argvs, kept)
	n := uint32(len(r.argvs))
	if r.argvOf == nil {
		r.argvOf = map[string]uint32{}
	}
	if len(r.argvOf) < mostArgvs {
		r.argvOf[string(key)] = n
	}
	return n
}
