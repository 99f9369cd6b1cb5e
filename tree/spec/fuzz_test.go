package spec_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"multiexit/tree/spec"
)

// Whatever a file holds, Load gives a file that can be run or errors of one line.
func FuzzLoad(f *testing.F) {
	f.Add(true, spec.Example())
	f.Add(false, "web: ./web\n# comment\nworker: a && b\n")
	f.Add(true, "|\t"+strings.Repeat("r", 3000))
	for _, c := range goodFiles {
		f.Add(true, c.src)
	}
	for _, b := range badFiles(f) {
		f.Add(b.kind != "Procfile", b.src)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, yaml bool, src string) {
		path := filepath.Join(dir, "Procfile")
		if yaml {
			path = filepath.Join(dir, "multiexit.yaml")
		}
		put(t, path, src)
		put(t, filepath.Join(dir, ".env"), src)
		got, err := spec.Load(path, []string{"HERE=here"})
		if err == nil {
			runnable(t, got)
			return
		}
		var errs spec.Errors
		if !errors.As(err, &errs) || len(errs) == 0 || got != nil {
			t.Fatalf("%T %v", err, err)
		}
		for _, e := range errs {
			if line := e.Error(); strings.ContainsAny(line, "\n\r\x1b") || !utf8.ValidString(line) || e.Why == "" || len(line) > 2000 {
				t.Fatalf("not one good line: %q", line)
			}
		}
	})
}

func runnable(t *testing.T, f *spec.File) {
	t.Helper()
	if len(f.Commands) == 0 {
		t.Fatal("a file without commands")
	}
	names := map[string]bool{}
	for _, c := range f.Commands {
		if names[c.Name] || c.Name == "" || len(c.Argv) == 0 || c.Line == 0 {
			t.Fatalf("not a command: %+v", c)
		}
		names[c.Name] = true
		for _, s := range append(c.Argv, c.Env...) {
			if strings.ContainsRune(s, 0) {
				t.Fatalf("a zero byte: %q", s)
			}
		}
	}
	for _, c := range f.Commands {
		for _, d := range c.After {
			if !names[d.Name] || d.Name == c.Name {
				t.Fatalf("%s depends on %q", c.Name, d.Name)
			}
		}
	}
}
