package main

//go:generate go test -count=1 -run ^TestPictures$ . -args -update

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "make the pictures of the documentation anew")

// pictures are those of the documentation, each with the command that makes it.
// Most are of docs/shop.jsonl, a demo, with which diff.svg compares docs/slow.jsonl;
// docs/servers.jsonl is of real ones, without what they printed.
var pictures = []struct {
	name string
	args []string
}{
	{"shop.svg", []string{"replay", "docs/shop.jsonl", "--shot", "OUT", "--at", "2.2s", "--size", "120x36", "--theme", "dark"}},
	{"shop-light.svg", []string{"replay", "docs/shop.jsonl", "--shot", "OUT", "--at", "2.2s", "--size", "120x36", "--theme", "light"}},
	{"waterfall.svg", []string{"export", "docs/shop.jsonl", "-o", "OUT", "--theme", "dark"}},
	{"waterfall-light.svg", []string{"export", "docs/shop.jsonl", "-o", "OUT", "--theme", "light"}},
	{"servers.svg", []string{"export", "docs/servers.jsonl", "-o", "OUT", "--theme", "dark"}},
	{"servers-light.svg", []string{"export", "docs/servers.jsonl", "-o", "OUT", "--theme", "light"}},
	{"diff.svg", []string{"diff", "docs/shop.jsonl", "docs/slow.jsonl", "--shot", "OUT", "--size", "120x36", "--theme", "dark"}},
}

// The pictures of the documentation are what multiexit makes now.
func TestPictures(t *testing.T) {
	w := newWorld(t)
	for _, p := range pictures {
		out := filepath.Join(w.dir, p.name)
		args := make([]string, len(p.args))
		for i, arg := range p.args {
			if arg == "OUT" {
				arg = out
			} else if strings.HasPrefix(arg, "docs/") {
				arg = filepath.Join(filepath.Dir(shop(t)), strings.TrimPrefix(arg, "docs/"))
			}
			args[i] = arg
		}
		if got := w.run(args...); got.status != 0 {
			t.Fatalf("%q: %+v", p.args, got)
		}
		made, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("docs", p.name)
		if *update {
			if err := os.WriteFile(path, made, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if kept, _ := os.ReadFile(path); string(kept) != string(made) {
			t.Errorf("%s is not what %q makes now: go generate . makes it anew", path, p.args)
		}
	}
}
