package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
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

// checkVerdict finds out before anything starts that there is no place for it.
func checkVerdict(path string) error {
	if path == "" || path == "-" {
		return nil
	}
	const advice = "name a file in a directory you can write to"
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return usage("--verdict "+path, "is a directory", advice)
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return usage("--verdict "+path, reason(err), advice)
	}
	return nil
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
