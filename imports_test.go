package main_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "multiexit"

// rule says what a package may import besides the standard library: packages of
// this module by name, other modules by the beginning of their path.
type rule struct {
	ours   []string
	others []string
	never  []string // of the standard library
}

var (
	charm = []string{"github.com/charmbracelet/", "github.com/muesli/", "github.com/mattn/go-runewidth", "github.com/rivo/uniseg"}
	sys   = "golang.org/x/sys/"
)

// rules are the directions in which imports may point. A package has the rule
// of its longest prefix here; the program itself may import everything.
var rules = map[string]rule{
	"exitreg":        {},
	"tree":           {ours: []string{"exitreg"}},
	"tree/live":      {ours: []string{"exitreg", "tree"}, others: []string{sys, "github.com/shirou/gopsutil/v3/", "github.com/creack/pty"}},
	"tree/tape":      {ours: []string{"exitreg", "tree"}},
	"tree/check":     {ours: []string{"exitreg", "tree"}},
	"tree/export":    {ours: []string{"exitreg", "tree", "tree/tape"}},
	"tree/otlp":      {ours: []string{"tree", "tree/check", "exitreg"}, others: []string{"go.opentelemetry.io/otel", "github.com/go-logr/logr"}},
	"tree/diff":      {ours: []string{"exitreg", "tree"}},
	"tree/history":   {ours: []string{"exitreg", "tree", "tree/check", "tree/tape"}},
	"tree/worlds":    {ours: []string{"exitreg", "tree"}},
	"tree/spec":      {others: []string{sys, "github.com/goccy/go-yaml", "github.com/joho/godotenv"}},
	"tree/supervise": {ours: []string{"exitreg", "tree", "tree/live", "tree/spec"}},
	"tree/remote":    {ours: []string{"exitreg", "tree", "tree/tape"}, others: []string{sys}},
	"ui":             {ours: []string{"tree", "tree/check", "tree/diff", "tree/tape", "ui/canvas"}, others: append([]string{sys, "github.com/sahilm/fuzzy"}, charm...), never: []string{"os/exec", "os/signal"}}, // of sys, the numbers of signals
	"ui/canvas":      {others: charm, never: []string{"os/exec", "os/signal"}},
	"ui/early":       {others: []string{sys}},
	"ui/tty":         {ours: []string{"tree"}, others: []string{sys}}, // it knows nothing of the screen
	"demo":           {ours: []string{"exitreg", "tree"}, others: []string{sys}},
}

// pkg is what go list tells about a package.
type pkg struct {
	ImportPath string
	Standard   bool
	Imports    []string
}

// list asks go list on behalf of a system.
func list(t *testing.T, goos string, args ...string) []pkg {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Standard,Imports"}, args...)...)
	cmd.Env = append(os.Environ(), "GOOS="+goos, "CGO_ENABLED=0")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %v: %v\n%s", args, err, &stderr)
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("go list %v: %v", args, err)
		}
		all = append(all, p)
	}
}

// local is the path of a package inside the module: "" is the module's root.
func local(importPath string) (rel string, ours bool) {
	if importPath == module {
		return "", true
	}
	return strings.CutPrefix(importPath, module+"/")
}

// ruleFor finds the rule of a package; ok is false if nobody thought of one yet.
func ruleFor(rel string) (r rule, ok bool) {
	for at := rel; at != "."; at = path.Dir(at) {
		if r, ok := rules[at]; ok {
			return r, true
		}
	}
	return rule{}, false
}

func (r rule) allows(imported string) bool {
	if rel, ours := local(imported); ours {
		return slices.Contains(r.ours, rel)
	}
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		return !slices.Contains(r.never, imported)
	}
	return slices.ContainsFunc(r.others, func(prefix string) bool { return strings.HasPrefix(imported, prefix) })
}

func TestImportsPointOneWay(t *testing.T) {
	for _, goos := range []string{"linux", "darwin"} {
		packages := list(t, goos, module+"/...")
		if len(packages) < 2 {
			t.Fatalf("%s: go list found only %v", goos, packages)
		}
		for _, p := range packages {
			rel, _ := local(p.ImportPath)
			if rel == "" {
				continue
			}
			r, ok := ruleFor(rel)
			if !ok {
				t.Errorf("package %q has no rule: add one here", rel)
			}
			for _, imported := range p.Imports {
				if !r.allows(imported) {
					t.Errorf("%s: package %q must not import %s", goos, rel, imported)
				}
			}
		}
	}
}

// A program that imports exitreg links the standard library and exitreg, and so
// neither Bubble Tea, whose init queries the terminal, nor Lip Gloss.
func TestLibraryLinksNothingElse(t *testing.T) {
	for _, p := range list(t, "linux", "-deps", module+"/exitreg") {
		if !p.Standard && p.ImportPath != module+"/exitreg" {
			t.Errorf("exitreg links %s", p.ImportPath)
		}
	}
}

// What runs without a screen links none of the packages that draw one.
func TestModelLinksNoScreen(t *testing.T) {
	for _, p := range list(t, "linux", "-deps", module+"/tree/...", module+"/demo") {
		if slices.ContainsFunc(charm, func(prefix string) bool { return strings.HasPrefix(p.ImportPath, prefix) }) {
			t.Errorf("tree or demo links %s", p.ImportPath)
		}
	}
}

// OpenTelemetry is linked by what sends traces, and by the program that asks for
// that, alone.
func TestOnlyOneLinksOpenTelemetry(t *testing.T) {
	args := []string{"-deps"}
	for rel := range rules {
		if rel != "tree/otlp" {
			args = append(args, module+"/"+rel)
		}
	}
	for _, p := range list(t, "linux", args...) {
		if strings.HasPrefix(p.ImportPath, "go.opentelemetry.io/") || strings.HasPrefix(p.ImportPath, "google.golang.org/") {
			t.Errorf("something but tree/otlp links %s", p.ImportPath)
		}
	}
}

// A package is named after what it provides.
func TestPackageNames(t *testing.T) {
	for _, p := range list(t, "linux", module+"/...") {
		switch name := path.Base(p.ImportPath); name {
		case "util", "utils", "common", "helpers", "types", "misc":
			t.Errorf("%s: %q says nothing about the package", p.ImportPath, name)
		}
	}
}

// The rules themselves: what they are there to refuse is refused.
func TestRulesRefuse(t *testing.T) {
	for _, c := range []struct{ from, to string }{
		{"exitreg", "golang.org/x/sys/unix"},
		{"exitreg", "multiexit/tree"},
		{"exitreg/shim", "github.com/charmbracelet/bubbletea"},
		{"tree", "multiexit/tree/live"},
		{"tree/live", "multiexit/ui"},
		{"ui", "multiexit/exitreg"},
		{"ui", "os/exec"},
		{"ui", "os/signal"},
		{"ui", "multiexit/ui/tty"},
		{"ui/tty", "multiexit/ui"},
		{"ui/tty", "github.com/charmbracelet/bubbletea"},
		{"demo", "multiexit/tree/live"},
	} {
		if r, ok := ruleFor(c.from); !ok || r.allows(c.to) {
			t.Errorf("%s may import %s", c.from, c.to)
		}
	}
}
