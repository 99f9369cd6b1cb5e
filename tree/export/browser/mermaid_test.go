package browser

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// drawn is what Mermaid makes of a diagram.
type drawn struct {
	Err   string
	Texts []string // of the picture, in order
	Marks int      // elements that no diagram has, or that could run something
}

// draw lets the real Mermaid draw each diagram.
func draw(t *testing.T, diagrams ...string) (all []drawn) {
	t.Helper()
	script := os.Getenv("MULTIEXIT_MERMAID")
	if script == "" {
		t.Skip("MULTIEXIT_MERMAID does not name a mermaid.min.js: npm pack mermaid, and unpack package/dist/mermaid.min.js")
	}
	code, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "mermaid.html")
	page := `<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><script>` + strings.ReplaceAll(string(code), "</script", `<\/script`) + `</script></body></html>`
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	p := open(t, file, 1600, 1000)
	for _, text := range diagrams {
		all = append(all, eval[drawn](p, `(async () => {
			mermaid.initialize({startOnLoad: false}); // as GitHub has it
			try {
				const id = "d" + Math.random().toString(36).slice(2), {svg} = await mermaid.render(id, `+quote(text)+`);
				const div = document.createElement("div");
				div.innerHTML = svg;
				document.body.append(div);
				return {
					Texts: [...div.querySelectorAll("text, p, span.nodeLabel")].map(e => e.textContent),
					Marks: div.querySelectorAll("script, img, a, iframe, [onload], [onerror], [onclick]").length + ("pwned" in window ? 1000 : 0),
				};
			} catch (e) {
				return {Err: String(e.message || e)};
			}
		})()`))
	}
	return all
}

// Mermaid draws both diagrams of every recording, whatever processes call
// themselves, and their names stand in them.
func TestMermaid(t *testing.T) {
	files, _ := filepath.Glob("../../testdata/*.jsonl")
	empty := newRecording(t, "empty").done()
	files = append(files, shop(t), hostile(t), many(t, 3000), empty)
	var diagrams, names []string
	for _, file := range files {
		for _, end := range []string{".mmd", ".gantt.mmd"} {
			text, err := os.ReadFile(exported(t, file, "x"+end, "--whole"))
			if err != nil {
				t.Fatal(err)
			}
			diagrams, names = append(diagrams, string(text)), append(names, filepath.Base(file)+" as "+end)
		}
	}
	all := draw(t, diagrams...)
	for i, d := range all {
		if d.Err != "" || d.Marks > 0 {
			t.Errorf("%s: %d marks, %s", names[i], d.Marks, d.Err)
		}
	}
	hostileAt := 2 * slices.Index(files, files[len(files)-3])
	for i := hostileAt; i < hostileAt+2; i++ {
		text := strings.Join(all[i].Texts, "\n")
		for _, want := range []string{"<img src=x onerror=\"window.pwned=1\"> 2", "a: b; c # d %% e 8", "end 6", "{{js}}{{data}} 13", "click x 20", "#quot; 32", "$$x^2$$ 33"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: nobody is called %q in\n%s", names[i], want, text)
			}
		}
	}
	// The sections of a gantt chart are in the order of the rows.
	var last int
	pid := regexp.MustCompile(` (\d+)$`)
	for _, text := range all[hostileAt+1].Texts {
		if m := pid.FindStringSubmatch(text); m != nil && len(m[1]) < 3 {
			n := 0
			for _, d := range m[1] {
				n = n*10 + int(d-'0')
			}
			if n < last {
				t.Errorf("section %q comes after %d", text, last)
			}
			last = n
		}
	}
	if last == 0 {
		t.Error("no sections")
	}
}
