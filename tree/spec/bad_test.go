package spec_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"multiexit/tree/spec"
)

var update = flag.Bool("update", false, "write testdata/bad.txt anew")

// bad is a file of testdata/bad.txt: what is in it and the lines that it gives.
type bad struct {
	name string
	// kind is "Procfile", or of a YAML file: "schema" if the schema refuses it too,
	// "beyond" if what is wrong is more than a schema can say, "yaml" if it is not
	// made of plain YAML values.
	kind string
	src  string
	want []string
}

func (b bad) file() string {
	if b.kind == "Procfile" {
		return "Procfile"
	}
	return "multiexit.yaml"
}

// badFiles reads testdata/bad.txt. An arrow stands for a tab.
func badFiles(t testing.TB) (all []bad) {
	t.Helper()
	raw, err := os.ReadFile("testdata/bad.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split("\n"+string(raw), "\n### ")[1:] {
		head, body, _ := strings.Cut(part, "\n")
		name, kind, _ := strings.Cut(head, " | ")
		b := bad{name: name, kind: kind}
		for _, line := range strings.Split(strings.TrimSuffix(body, "\n"), "\n") {
			if want, ok := strings.CutPrefix(line, ">>> "); ok {
				b.want = append(b.want, want)
			} else {
				b.src += strings.ReplaceAll(line, "→", "\t") + "\n"
			}
		}
		all = append(all, b)
	}
	return all
}

// enter makes a directory with what the files of the tests refer to, and goes there.
func enter(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	put(t, filepath.Join(dir, "broken.env"), "A=1\n\n# a comment\nB='two\nlines'\nC=\"open\nD=4\n")
	put(t, filepath.Join(dir, "good.env"), "A=1\nB='two\nlines'\nexport C=\"${A}${HERE}\" # comment\nD: four\nE=\n")
	if err := os.Mkdir(filepath.Join(dir, "here"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	return dir
}

func put(t testing.TB, path, contents string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(contents), 0o644); err != nil {
		t.Fatal(err)
	}
}

// lines are the errors of a file, one in a line.
func lines(err error) (all []string) {
	var errs spec.Errors
	if errors.As(err, &errs) {
		for _, e := range errs {
			all = append(all, e.Error())
		}
	}
	return all
}

func TestBadFiles(t *testing.T) {
	all := badFiles(t)
	if len(all) < 35 {
		t.Fatalf("only %d files", len(all))
	}
	out, _ := filepath.Abs("testdata/bad.txt")
	dir := enter(t)
	var b strings.Builder
	for _, c := range all {
		put(t, c.file(), c.src)
		f, err := spec.Load(c.file(), []string{"HERE=here"})
		if f != nil || err == nil {
			t.Errorf("%s: it was accepted", c.name)
		}
		got := lines(err)
		for i := range got {
			got[i] = strings.ReplaceAll(got[i], dir, "DIR")
		}
		if !*update && !slices.Equal(got, c.want) {
			t.Errorf("%s:\n%s\ngives\n%s\nwant\n%s", c.name, c.src, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
		b.WriteString("### " + c.name + " | " + c.kind + "\n" + strings.ReplaceAll(c.src, "\t", "→"))
		for _, line := range got {
			b.WriteString(">>> " + line + "\n")
		}
	}
	if *update {
		put(t, out, b.String())
	}
}
