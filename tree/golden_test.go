package tree_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"multiexit/tree"
)

var update = flag.Bool("update", false, "write the recordings and the goldens of testdata anew")

// Recorded streams and the trees they fold to. The recordings are written from
// the stories; a recording of a real session can take the place of one.
func TestGolden(t *testing.T) {
	if *update {
		writeRecordings(t)
	}
	files, err := filepath.Glob("testdata/*.jsonl")
	if err != nil || len(files) < len(stories) {
		t.Fatalf("%d recordings, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			list := recording(t, file)
			var got bytes.Buffer
			for _, part := range []int{len(list) / 2, len(list)} {
				tr := tree.Fold(list[:part])
				if err := sound(tr); err != nil {
					t.Error(err)
				}
				got.WriteString(picture(tr) + "\n")
			}
			golden := file[:len(file)-len("jsonl")] + "golden"
			if *update {
				write(t, golden, got.Bytes())
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%s: got\n%s\nwant\n%s", golden, got.Bytes(), want)
			}
		})
	}
}

// The recordings of the stories are what the stories say.
func TestRecordings(t *testing.T) {
	for _, s := range stories {
		file := recording(t, "testdata/"+s.name+".jsonl")
		if got, want := picture(tree.Fold(file)), picture(tree.Fold(s.events())); got != want {
			t.Errorf("%s: the recording folds to\n%s\nthe story to\n%s", s.name, got, want)
		}
	}
}

func recording(t testing.TB, path string) []tree.Event {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ = bytes.Cut(text, []byte("\n")) // the header
	return events(t, string(text))
}

func writeRecordings(t *testing.T) {
	for _, s := range stories {
		var b bytes.Buffer
		b.WriteString(`{"multiexit":1,"start":"2026-01-02T03:04:05Z","argv":["` + s.name + `"],"host":"example","observer":"story"}` + "\n")
		for _, e := range s.events() {
			line, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(append(line, '\n'))
		}
		write(t, "testdata/"+s.name+".jsonl", b.Bytes())
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
