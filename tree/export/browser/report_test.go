package browser

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// A renderer of GitHub's Markdown reads the report as it is meant: headings and
// tables that are ours, and names as text.
func TestReport(t *testing.T) {
	for name, recording := range map[string]string{"shop": shop(t), "hostile": hostile(t), "many": many(t, 2000)} {
		source, err := os.ReadFile(exported(t, recording, "x.md", "--whole"))
		if err != nil {
			t.Fatal(err)
		}
		doc := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
		var headings, cells []string
		err = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if !entering {
				return ast.WalkContinue, nil
			}
			switch n := n.(type) {
			case *ast.Heading:
				headings = append(headings, textOf(n, source))
			case *extast.TableCell:
				cells = append(cells, textOf(n, source))
			case *ast.Link, *ast.Image, *ast.RawHTML, *ast.HTMLBlock, *ast.AutoLink, *ast.CodeSpan, *ast.Blockquote, *ast.ThematicBreak:
				t.Errorf("%s: a name became a %s: %s", name, n.Kind(), textOf(n, source))
			case *extast.TableRow:
				if want := len(n.Parent().(*extast.Table).Alignments); n.ChildCount() != want {
					t.Errorf("%s: a row of %d cells, not %d", name, n.ChildCount(), want)
				}
			}
			return ast.WalkContinue, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		troubles := map[string]string{"shop": "What went wrong", "hostile": "What was broken on purpose", "many": "What went wrong"}
		want := []string{troubles[name], "Findings", "Critical path", "Slowest handlers", "Timeline", "Processes"}
		if !slices.Equal(headings[1:], want) {
			t.Errorf("%s: headings %q", name, headings)
		}
		if name == "hostile" {
			for _, want := range []string{`</script><script>window.pwned=1</script>`, `| a | b |`, `\`, `[x](javascript:window.pwned=1)`, "``` # head", "__proto__"} {
				if !slices.Contains(cells, want) {
					t.Errorf("no cell is %q", want)
				}
			}
		}
	}
}

func textOf(n ast.Node, source []byte) string {
	var b strings.Builder
	ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Segment.Value(source))
		} else if s, ok := n.(*ast.String); ok && entering {
			b.Write(s.Value)
		}
		return ast.WalkContinue, nil
	})
	unescape := strings.NewReplacer(`\\`, `\`, `\|`, "|", "\\`", "`", `\*`, "*", `\_`, "_", `\[`, "[", `\]`, "]", `\~`, "~", `\@`, "@", `\#`, "#", `\-`, "-", `\+`, "+", `\=`, "=", `\>`, ">", `\.`, ".", `\)`, ")",
		"&lt;", "<", "&amp;", "&", "&emsp;", "")
	return strings.TrimSpace(unescape.Replace(b.String()))
}

// The table is one for whatever reads CSV: as many columns in each row, and no
// formula.
func TestTable(t *testing.T) {
	for name, recording := range map[string]string{"shop": shop(t), "hostile": hostile(t)} {
		f, err := os.Open(exported(t, recording, "x.csv", "--whole"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil || len(rows) < 50 || len(rows[0]) != 17 {
			t.Fatalf("%s: %d rows, %v", name, len(rows), err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) && strings.Trim(cell, "-0123456789.") != "" {
					t.Errorf("%s: a formula %q", name, cell)
				}
			}
		}
	}
}
