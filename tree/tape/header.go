package tape

import (
	"bytes"
	"encoding/json"
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
	case binary(line):
		return h, foreign("it holds binary data")
	case err != nil && torn && bytes.HasPrefix(line, []byte(`{"multiexit":`)):
		return h, &FormatError{Line: 1, Reason: "a recording that was cut off in its first line"}
	case err != nil || mark.Version == "":
		return h, foreign(`its first line is not {"multiexit":1,...}`)
	case mark.Version != "1":
		return h, &FormatError{Line: 1, Reason: fmt.Sprintf("a recording of format %s; this multiexit reads format %d (use the one that recorded it, or a newer one)", mark.Version, Version)}
	}
	if err := json.Unmarshal(line, &h); err != nil {
		return h, &FormatError{Line: 1, Reason: "a recording with a broken header: " + plainly(err)}
	}
	return h, nil
}

func foreign(why string) *FormatError {
	return &FormatError{Line: 1, Reason: "not a recording: " + why}
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

// binary says that a line holds bytes that no JSON text holds.
func binary(line []byte) bool {
	for _, c := range line {
		if c < ' ' && c != '\t' {
			return true
		}
	}
	return false
}
