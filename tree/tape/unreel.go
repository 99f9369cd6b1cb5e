package tape

import (
	"encoding/binary"
	"time"
	"unsafe"

	"multiexit/exitreg"
	"multiexit/tree"
)

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
