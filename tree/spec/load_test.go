package spec_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"multiexit/tree/spec"
)

// What is wrong with a file before its first word is read.
func TestBadContents(t *testing.T) {
	yaml := "commands: {web: {command: ./web}}\n"
	for _, c := range []struct{ name, file, src, want string }{
		{"empty", "multiexit.yaml", "", "multiexit.yaml: empty (multiexit init writes an example)"},
		{"blank", "multiexit.yaml", "\r\n \n", "multiexit.yaml: empty (multiexit init writes an example)"},
		{"comments only", "multiexit.yaml", "# nothing\n", "multiexit.yaml:1:1: no commands (multiexit init writes an example)"},
		{"empty Procfile", "Procfile", "", "Procfile: no commands (a line such as web: ./server is one)"},
		{"binary", "multiexit.yaml", "ab\ncd\x00\x01", "multiexit.yaml:2:3: a zero byte: this is no text file (is it the right file?)"},
		{"binary as Procfile", "Procfile", "\x7fELF\x00", "Procfile:1:5: a zero byte: this is no text file (is it the right file?)"},
		{"Latin-1", "multiexit.yaml", "# caf\xe9\n" + yaml, "multiexit.yaml:1:6: 0xe9: not UTF-8 (save it as UTF-8)"},
		{"UTF-16", "multiexit.yaml", "\xff\xfea\x00", "multiexit.yaml: written in UTF-16 (save it as UTF-8)"},
		{"too big", "multiexit.yaml", yaml + strings.Repeat("# filling\n", 110_000), "multiexit.yaml: larger than 1 MiB"},
		{"CRLF and BOM keep the columns", "multiexit.yaml", "\ufeffgrase: 5s\r\ncommands:\r\n  é: {command: ./web}\r\n", "multiexit.yaml:1:1: grase: unknown key (did you mean grace?)\nmultiexit.yaml:3:3: é: not a name (letters, digits, . _ and - make one)"},
		{"columns are of characters", "multiexit.yaml", "commands: {web: {command: ./é, pty: 1}}\n", "multiexit.yaml:1:37: pty: 1: neither true nor false (did you mean true?)"},
		{"control characters", "multiexit.yaml", "\"a\\e[2J\": 1\ncommands: {web: {command: ./web}}\n", `multiexit.yaml:1:1: a\x1b[2J: unknown key (there are: version, grace, commands, groups, stop_order)`},
		{"a zero byte in a command", "multiexit.yaml", "commands: {web: {command: \"a\\0b\"}}\n", `multiexit.yaml:1:27: command: a\x00b: holds a zero byte (no program can be given one)`},
		{"deep brackets", "multiexit.yaml", strings.Repeat("[", 100_000), "multiexit.yaml:1:51: [: nested more than 50 deep"},
		{"deep dashes", "multiexit.yaml", strings.Repeat("- ", 100_000), "multiexit.yaml:1:101: -: nested more than 50 deep"},
		{"a broken line of JSON", "multiexit.json", "{\"commands\": {\"web\": {\"command\": \"./web\"}}\n", "multiexit.json:1:1: {: not closed (a } is missing)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			enter(t)
			put(t, c.file, c.src)
			_, err := spec.Load(c.file, nil)
			if got := strings.Join(lines(err), "\n"); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestNoFile(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("here", 0o755); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"":       "no multiexit.yaml, multiexit.yml or Procfile here (multiexit init writes an example)",
		"here":   "no multiexit.yaml, multiexit.yml or Procfile in here (multiexit init writes an example)",
		"a.yaml": "a.yaml: no such file (multiexit init writes an example)",
	} {
		_, err := spec.Load(path, nil)
		if err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", path, err, want)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v is not fs.ErrNotExist", path, err)
		}
	}
}

func TestErrorsAreCounted(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "multiexit.yaml", "a: 1\nb: 2\nc: 3\n")
	_, err := spec.Load("", nil)
	if want := "multiexit.yaml:1:1: a: unknown key (there are: version, grace, commands, groups, stop_order) (and 2 more: multiexit validate shows all)"; err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	put(t, "multiexit.yaml", strings.Repeat("- x\n", 3)+"\n")
	var many strings.Builder
	for i := range 100 {
		fmt.Fprintf(&many, "key%d: 1\n", i)
	}
	put(t, "multiexit.yaml", many.String())
	if _, err = spec.Load("", nil); len(lines(err)) != 20 {
		t.Errorf("%d errors, want the first 20", len(lines(err)))
	}
}

// Aliases can make much of little, and deep nesting costs the parser dear: a file
// of any shape is read, or refused, in a time that nobody waits for.
func TestNoFileTakesLong(t *testing.T) {
	var laughs strings.Builder
	laughs.WriteString("x-0: &g0 {commands: {a: {command: ./a}}}\n")
	for i := range 40 {
		fmt.Fprintf(&laughs, "x-%d: &g%d {groups: {a: *g%d, b: *g%d}}\n", i+1, i+1, i, i)
	}
	laughs.WriteString("groups: {all: *g40}\n")
	const size = 100_000
	repeat := func(s string) string { return strings.Repeat(s, size/len(s)) }
	for name, src := range map[string]string{
		"aliases":    laughs.String(),
		"maps":       repeat("{a: "),
		"questions":  repeat("? "),
		"anchors":    repeat("&a "),
		"tags":       repeat("!a "),
		"keys":       repeat("a: 1\n"),
		"some keys":  strings.Repeat("a: 1\n", 9000),
		"items":      repeat("- a\n"),
		"quotes":     repeat("\"\\n\" "),
		"lines":      repeat("a\n"),
		"open quote": "commands: {web: {command: ./web, env_files: [x.env]}}\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			put(t, "multiexit.yaml", src)
			put(t, "x.env", "A=\"\n"+repeat("B='\n"))
			began := time.Now()
			if _, err := spec.Load("", nil); err == nil {
				t.Error("it was accepted")
			}
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("it took %v", took)
			} else {
				t.Log(took)
			}
		})
	}
}

// Whatever stands before a value, an error names the line and column where it is.
func TestPositions(t *testing.T) {
	t.Chdir(t.TempDir())
	const last = "commands:\n  w: {command: x, pty: 3}\n"
	for _, src := range []string{
		last,
		"# a\n\n---\n# b\ncommands:   # c\n  # d\n  w: {command: x, # e\n   pty: 3}\n",
		"commands:\n  w: {command: \"a\\tb\\\"c\", pty: 3}\n",
		"commands:\n  w: {command: 'it''s', pty: 3}\n",
		"commands:\n  w: {command: ./é😀, pty: 3}\n",
		"commands:\n  w:\n    command: echo\n\n      b\n    pty: 3\n",
		"commands:\n  w:\n    command: |+\n      b\n\n\n    pty: 3\n",
		"x-a: \"two\n  lines \\\n  x\"\n" + last,
		"x-a: \"a\n\n\n  b\"\n" + last,
		"x-a: 'it''s\n\n  b'\n" + last,
		"x-a: |\n  two\n\n  lines\n\n" + last,
		"x-a: >-\n  two\n\n\n  lines\nx-b: two\n  lines\n" + last,
		"x-a: [a,\n\n  b, # c\n  c]\n" + last,
		"{\n\t\"commands\": {\n\t\t\"w\": {\"command\": \"\\ud83d\\ude00\\/\", \"x\": {\"pty\": 1}, \"pty\": 3}\n\t}\n}\n",
	} {
		put(t, "multiexit.yaml", src)
		before := src[:strings.LastIndex(src, "3")]
		want := fmt.Sprintf("multiexit.yaml:%d:%d: pty: 3: neither true nor false (true or false)",
			1+strings.Count(before, "\n"), 1+len([]rune(before[strings.LastIndex(before, "\n")+1:])))
		_, err := spec.Load("", nil)
		if got := lines(err); !slices.Contains(got, want) {
			t.Errorf("%s\ngives %s\nwant %s", src, got, want)
		}
	}
}
