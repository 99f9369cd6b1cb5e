package demo

import (
	"bytes"
	"embed"
	"fmt"
)

//go:embed shop.go classic.go trouble.go sizes.go
var sources embed.FS

// source is where the scenarios specify a handler: "shop.go:31". It is what a
// handler's own program would have as the place of its registration; the worker's
// would be the same for all.
func source(handler string) string {
	name := fmt.Appendf(nil, "%q", handler)
	files, _ := sources.ReadDir(".")
	for _, f := range files {
		text, _ := sources.ReadFile(f.Name())
		if i := bytes.Index(text, name); i >= 0 {
			return fmt.Sprintf("%s:%d", f.Name(), 1+bytes.Count(text[:i], []byte("\n")))
		}
	}
	return ""
}
