package tape

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"multiexit/tree"
)

// Version is the format that is written, and the only one that is read.
const Version = 1

// parseHeader reads the first line of a recording. torn says that the file ends
// in it.
func parseHeader(line []byte, torn bool) (tree.Header, error) {
	var h tree.Header
	var mark struct {
		Version json.Number `json:"multiexit"`
	}
	err := json.Unmarshal(line, &mark)
	switch {
	case unprintable(line) >= 0:
		return h, foreign("it holds binary data", unprintable(line))
	case err != nil && torn && bytes.HasPrefix(line, []byte(`{"multiexit":`)):
		return h, &FormatError{Line: 1, Offset: int64(len(line)), Reason: "a recording that was cut off in its first line"}
	case err != nil || mark.Version == "":
		return h, foreign(`its first line is not {"multiexit":1,...}`, broken(err))
	case mark.Version != "1":
		return h, &FormatError{Line: 1, Reason: fmt.Sprintf("a recording of format %s; this multiexit reads format %d (use the one that recorded it, or a newer one)", mark.Version, Version)}
	}
	if err := json.Unmarshal(line, &h); err != nil {
		return h, &FormatError{Line: 1, Offset: int64(broken(err)), Reason: "a recording with a broken header: " + plainly(err)}
	}
	return h, nil
}

func foreign(why string, at int) *FormatError {
	return &FormatError{Line: 1, Offset: int64(at), Reason: "not a recording: " + why}
}

// broken is the byte at which encoding/json has given up, or 0.
func broken(err error) int {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return max(0, int(syntax.Offset)-1)
	case errors.As(err, &kind):
		return max(0, int(kind.Offset)-1)
	}
	return 0
}

// appendHeader appends a header as the line it is in a recording.
func appendHeader(b []byte, h tree.Header) ([]byte, error) {
	h.Version = Version
	line, err := json.Marshal(h)
	if err != nil {
		return b, err // a start beyond year 9999
	}
	return append(append(b, line...), '\n'), nil
}

// unprintable is where a line holds a byte that no JSON text holds; -1 if it does not.
func unprintable(line []byte) int {
	return bytes.IndexFunc(line, func(c rune) bool { return c < ' ' && c != '\t' })
}
