package tape

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"multiexit/tree"
)

// maxLine bounds a line, and so the memory of a Decoder. Processes may send
// lines of 64 KiB; the observer adds a little to each.
const maxLine = 1 << 20

// Decoder reads a recording line by line, from a file or a pipe that still
// grows. Call Header, then Decode until it returns io.EOF.
type Decoder struct {
	r      *bufio.Reader
	long   []byte // a line that is longer than r's buffer
	text   []byte // the line read last, without its end; valid until the next
	line   int    // its number
	offset int64  // of its first byte
	next   int64  // of the line after it
	torn   bool   // it had no newline
	extra  bool   // it has a key that no event has
	names  names
}

// NewDecoder returns a Decoder that reads r through a buffer of its own.
func NewDecoder(r io.Reader) *Decoder {
	return &Decoder{r: bufio.NewReaderSize(r, 64<<10)}
}

// Header reads the first line. The error is a *FormatError if that is no header
// of the version that this package reads.
func (d *Decoder) Header() (tree.Header, error) {
	switch err := d.readLine(); {
	case err == io.EOF:
		return tree.Header{}, foreign("it is empty", 0)
	case err == errLong:
		return tree.Header{}, foreign("its first line has no end", maxLine)
	case err != nil:
		return tree.Header{}, err
	}
	return parseHeader(d.text, d.torn)
}

// Decode reads the next event into e. It returns io.EOF after the last one; a
// *Damage for a line that is no event, after which it can be called again for
// the next line; and any other error of the reader for good.
func (d *Decoder) Decode(e *tree.Event) error {
	for {
		err := d.readLine()
		switch {
		case err == errLong:
			return d.damage("longer than 1 MiB")
		case err != nil:
			return err
		}
		if len(bytes.TrimSpace(d.text)) > 0 {
			break
		}
	}
	if err := d.parse(e); err != nil {
		switch {
		case d.torn:
			return d.damage("the last line is cut off")
		case unprintable(d.text) >= 0:
			return d.damage("binary data")
		}
		return d.damage(plainly(err))
	}
	return nil
}

// Line is the text of the line read last, without its end. It is valid until the
// next call of Decode.
func (d *Decoder) Line() []byte { return d.text }

// Extra says that the event read last has a key that this version does not know;
// Line has it.
func (d *Decoder) Extra() bool { return d.extra }

func (d *Decoder) damage(why string) *Damage {
	return &Damage{Line: d.line, Offset: d.offset, Reason: why}
}

// errLong is the only error of readLine after which there may be more lines.
var errLong = errors.New("line too long")

// readLine reads one line. What is beyond maxLine of it is read and dropped.
func (d *Decoder) readLine() error {
	d.offset, d.torn, d.long = d.next, false, d.long[:0]
	d.line++
	for {
		part, err := d.r.ReadSlice('\n')
		d.next += int64(len(part))
		size := d.next - d.offset
		if size > maxLine && d.line == 1 {
			return errLong // no recording; it may be a huge file without line ends
		}
		if err == bufio.ErrBufferFull {
			if size <= maxLine {
				d.long = append(d.long, part...)
			}
			continue
		}
		if err != nil && (err != io.EOF || size == 0) {
			return err
		}
		if size > maxLine {
			return errLong
		}
		d.torn = err == io.EOF
		if len(d.long) > 0 {
			d.long = append(d.long, part...)
			part = d.long
		}
		d.text = bytes.TrimSuffix(bytes.TrimSuffix(part, []byte{'\n'}), []byte{'\r'})
		return nil
	}
}

// parse reads the line into e, in the quick way if it is as Writer writes it.
func (d *Decoder) parse(e *tree.Event) error {
	*e, d.extra = tree.Event{}, false
	if !d.names.scan(d.text, e) {
		*e = tree.Event{}
		if err := json.Unmarshal(d.text, e); err != nil {
			return err
		}
		d.extra = extra(d.text)
	}
	if e.Kind == "" {
		return errNoKind
	}
	return nil
}

var errNoKind = errors.New("an event without a kind")

// extra says whether a JSON object has a key that an event has not.
func extra(line []byte) bool {
	strict := json.NewDecoder(bytes.NewReader(line))
	strict.DisallowUnknownFields()
	return strict.Decode(new(tree.Event)) != nil
}

// plainly is an error of encoding/json without the names of Go's types.
func plainly(err error) string {
	var kind *json.UnmarshalTypeError
	switch {
	case err == errNoKind:
		return err.Error()
	case errors.As(err, &kind) && kind.Field != "":
		return "a " + kind.Value + " where " + kind.Field + " has another type"
	case errors.As(err, &kind):
		return "a " + kind.Value + ", not an event"
	}
	return "no JSON: " + strings.TrimPrefix(err.Error(), "json: ")
}
