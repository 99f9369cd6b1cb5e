package demo

import (
	"bytes"
	"embed"
	"fmt"
)

//go:embed shop.go classic.go trouble.go sizes.go
var sources embed.FS

// source is where a scenario specifies a handler of a process: "shop.go:31". It
// stands for the place where the process's own program would register it; the
// worker's would be the same for all of them. Empty if it is not found.
func source(scenario, process, handler string) string {
	files, _ := sources.ReadDir(".")
	for _, f := range files {
		text, _ := sources.ReadFile(f.Name())
		from := bytes.Index(text, fmt.Appendf(nil, "\nfunc %s(", scenario))
		if from < 0 {
			continue
		}
		// Names that are made, as those of numbered workers, are not in the text.
		from += max(0, bytes.Index(text[from:], fmt.Appendf(nil, "%q", process)))
		for _, from := range []int{from, 0} {
			if i := bytes.Index(text[from:], fmt.Appendf(nil, "%q", handler)); i >= 0 {
				return fmt.Sprintf("%s:%d", f.Name(), 1+bytes.Count(text[:from+i], []byte("\n")))
			}
		}
	}
	return ""
}
