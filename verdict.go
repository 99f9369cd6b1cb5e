package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"multiexit/tree"
	"multiexit/tree/live"
)

// printVerdict says in a line what became of everything.
func printVerdict(w io.Writer, v live.Verdict) {
	line := fmt.Sprintf("multiexit: %s, %d gone", count(v.Total, "process", "processes"), v.Gone)
	if n := len(v.Survivors); n > 0 {
		left := make([]string, n)
		for i := range v.Survivors {
			left[i] = v.Survivors[i].String()
		}
		line += fmt.Sprintf(", %d survived: %s", n, strings.Join(left, "; "))
	}
	fmt.Fprintln(w, tree.Clean(line))
}

// writeVerdict writes it as JSON; - is standard error, for standard output may be
// the stream of events.
func writeVerdict(path string, v live.Verdict) error {
	if path == "" {
		return nil
	}
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if path == "-" {
		_, err = os.Stderr.Write(text)
	} else {
		err = os.WriteFile(path, text, 0o644)
	}
	if err != nil {
		return &failure{statusFailed, "--verdict " + path, reason(err), ""}
	}
	return nil
}
