package tape

import (
	"encoding/binary"
	"slices"
	"sort"
	"strings"
	"time"
	"unsafe"

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

// Event unpacks an event into e. The strings are those of the reel, and so are
// Argv and Needs: they are not to be written to.
func (r *Reel) Event(i int, e *tree.Event) {
	p := unpacker{r.chunks[r.at[i]>>32][uint32(r.at[i]):]}
	mask := uint32(p.uvarint())
	*e = tree.Event{Seq: uint64(i + 1), T: r.due[i], Shared: mask&isShared != 0, Core: mask&isCore != 0}
	if w := r.kinds[i]; w > 0 {
		e.Kind = r.words[w-1]
	}
	r.unpackNames(&p, mask, e)
	if mask&hasSeq != 0 {
		e.Seq += uint64(p.varint())
	}
	if mask&hasT != 0 {
		e.T += time.Duration(p.varint())
	}
	if mask&hasAt != 0 {
		e.At = p.varint()
	}
	if mask&hasPID != 0 {
		e.PID = int(p.varint())
	}
	if mask&hasN != 0 {
		e.N = uint64(p.varint())
	}
	if mask&hasElapsed != 0 {
		e.Elapsed = time.Duration(p.varint())
	}
	if mask&hasTimeout != 0 {
		e.Timeout = time.Duration(p.varint())
	}
	if mask&hasCode != 0 {
		e.Code = status(int(p.varint()))
	}
	if mask&hasErr != 0 {
		e.Err = p.text()
	}
	if mask&hasText != 0 {
		e.Text = p.text()
	}
	if mask&hasArgv != 0 {
		e.Argv = r.argvs[p.uvarint()-1]
	}
	if mask&hasNeeds != 0 {
		e.Needs = r.argvs[p.uvarint()-1]
	}
}

func (r *Reel) unpackNames(p *unpacker, mask uint32, e *tree.Event) {
	if mask&hasNode != 0 {
		e.Node = r.name(p)
	}
	if mask&hasName != 0 {
		e.Name = r.name(p)
	}
	if mask&hasID != 0 {
		e.ID = r.name(p)
	}
	if mask&hasHandler != 0 {
		e.Handler = r.name(p)
	}
	if mask&hasFrom != 0 {
		e.From = r.name(p)
	}
	if mask&hasSrc != 0 {
		e.Src = r.name(p)
	}
	if mask&hasSig != 0 {
		e.Sig = r.name(p)
	}
	if mask&hasStream != 0 {
		e.Stream = r.name(p)
	}
	if mask&hasSender != 0 {
		e.Sender = r.name(p)
	}
	if mask&hasScope != 0 {
		e.Scope = r.name(p)
	}
	if mask&hasProv != 0 {
		e.Prov = exitreg.Prov(r.name(p))
	}
	if mask&hasKind != 0 {
		e.Kind = exitreg.Kind(r.name(p))
	}
}

func (r *Reel) name(p *unpacker) string {
	if n := p.uvarint(); n > 0 {
		return r.names[n-1]
	}
	return p.text()
}

// unpacker takes a packed event apart.
type unpacker struct{ rest []byte }

func (p *unpacker) uvarint() uint64 {
	if b := p.rest[0]; b < 0x80 {
		p.rest = p.rest[1:]
		return uint64(b)
	}
	v, n := binary.Uvarint(p.rest)
	p.rest = p.rest[n:]
	return v
}

func (p *unpacker) varint() int64 {
	v := p.uvarint()
	return int64(v>>1) ^ -int64(v&1)
}

// text is a string that lies in a chunk, which nobody writes to any more.
func (p *unpacker) text() string {
	n := p.uvarint()
	b := p.rest[:n]
	p.rest = p.rest[n:]
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// statuses are the exit statuses there are, so that an event that is unpacked
// needs no memory for its own.
var statuses [256]int

func init() {
	for i := range statuses {
		statuses[i] = i
	}
}

func status(code int) *int {
	if code >= 0 && code < len(statuses) {
		return &statuses[code]
	}
	other := code // so that only this one takes memory
	return &other
}
