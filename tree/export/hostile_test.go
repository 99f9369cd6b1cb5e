package export_test

import (
	"encoding/csv"
	"encoding/json"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/export"
	"multiexit/tree/tape"
)

// evil are names that would be markup, script, formula or syntax if they were
// not escaped.
var evil = []string{
	`</script><script>pwned=1</script>`, `<img src=x onerror="pwned=1">`, `"><svg onload=pwned=1>`, `]]><!--`, `&lt;b&gt;&amp;`,
	`=cmd|'/c calc'!A1`, `+1+1`, `-2`, `@SUM(A1)`, "end", "End", "participant x", "a: b; c # d %% e", "```\n# head", "| a | b |", `\`, `*_~[x](javascript:pwned)`,
	"\x1b[2J\x1b]0;x\x07", "\x00\xff\xfe", "a\u202eb\u2028c\uFFFE\uFFFF", "<br/>", "{{js}}{{data}}", "1. x", "- x", "__proto__", "constructor",
	"click x", "section x", "Title x", "excludes weekends", "todayMarker off", "vert", "  ",
	strings.Repeat("x", 5000), "", " ", "日本語 🙂",
}

// hostile is a recording in which everything has such a name.
func hostile() *tape.Tape {
	tp := &tape.Tape{Header: tree.Header{Start: time.Unix(1e9, 0), Argv: evil[:6], Host: evil[0], Observer: evil[1]}}
	add := func(e tree.Event) {
		e.T, e.Seq = time.Duration(len(tp.Events))*time.Millisecond, uint64(len(tp.Events)+1)
		tp.Events = append(tp.Events, e)
	}
	for i, name := range evil {
		node := "0"
		if i > 0 {
			node += "." + string(rune('a'+i))
		}
		add(tree.Event{Kind: exitreg.KindSpawn, Node: node, PID: i + 1, Name: name, Argv: evil[i:]})
		add(tree.Event{Kind: exitreg.KindRegister, Node: node, ID: "h" + name, Handler: name, Src: name})
		add(tree.Event{Kind: exitreg.KindSignal, Node: node, Sig: name, Sender: name})
		add(tree.Event{Kind: exitreg.KindDeliver, Node: node, Text: name, Err: name})
		add(tree.Event{Kind: exitreg.KindFault, Node: node, ID: "h" + name, Text: name})
		add(tree.Event{Kind: exitreg.KindBegin, Node: node, ID: "h" + name})
		add(tree.Event{Kind: exitreg.KindWait, Node: node, ID: "h" + name, Text: "0"})
		add(tree.Event{Kind: exitreg.KindOut, Node: node, Text: name, Stream: name})
		add(tree.Event{Kind: exitreg.KindEnd, Node: node, ID: "h" + name, Err: name, Elapsed: time.Second})
		add(tree.Event{Kind: exitreg.KindRung, Text: name, Sig: name})
		add(tree.Event{Kind: exitreg.KindExit, Node: node, Sig: name})
	}
	return tp
}

func hostilePath() (all []export.Step) {
	for _, s := range evil {
		all = append(all, export.Step{Node: "0", At: time.Millisecond, For: time.Second, Text: s})
	}
	return all
}

func hostileFindings() (all []export.Finding) {
	for _, s := range evil {
		all = append(all, export.Finding{Rule: s, Node: s, Handler: s, Text: s, Advice: s})
	}
	return all
}

// Whatever processes call themselves, each format is sound, and has no control
// characters.
func TestHostile(t *testing.T) {
	tp := hostile()
	for _, f := range export.Formats() {
		for _, whole := range []bool{false, true} {
			text := written(t, f.Name, tp, export.Options{Title: evil[0], Whole: whole, Findings: hostileFindings(), Path: hostilePath()})
			sound(t, f.Name, f.Name, text)
			for _, r := range text {
				if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r == 0x202e || r == 0x2028 || r == 0xfffe || r == 0xffff {
					t.Errorf("%s: character %U", f.Name, r)
					break
				}
			}
			if f.Name != "cast" && strings.Contains(text, `\u001b`) {
				t.Errorf("%s: an escape character", f.Name)
			}
		}
	}
}

// Names come through: what the page and the table hold is what was said, cleaned.
func TestNamesComeThrough(t *testing.T) {
	tp := hostile()
	o := export.Options{Whole: true}
	var sheet struct{ Rows []struct{ Name string } }
	if err := json.Unmarshal([]byte(dataOf(t, written(t, "html", tp, o))), &sheet); err != nil {
		t.Fatal(err)
	}
	table, err := csv.NewReader(strings.NewReader(written(t, "csv", tp, o))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range evil {
		want := strings.NewReplacer("\uFFFE", "\uFFFD", "\uFFFF", "\uFFFD").Replace(tree.Clean(strings.ToValidUTF8(name, "\uFFFD")))
		if want == "" {
			want = "?" // as the tree has it
		}
		if !slices.ContainsFunc(sheet.Rows, func(r struct{ Name string }) bool { return r.Name == want }) {
			t.Errorf("html: no row %q", want)
		}
		if !slices.ContainsFunc(table, func(r []string) bool { return r[3] == want || r[3] == "'"+want }) {
			t.Errorf("csv: no row %q", want)
		}
	}
	for _, row := range table {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				t.Errorf("csv: a formula %q", cell)
			}
		}
	}
}

// A recording that is cut off anywhere, and one whose events come in any order,
// is written soundly.
func TestTorn(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for name, tp := range recordings(t) {
		for range 12 {
			part := slices.Clone(tp.Events[:r.Intn(len(tp.Events)+1)])
			if r.Intn(2) == 0 {
				r.Shuffle(len(part), func(i, j int) { part[i], part[j] = part[j], part[i] })
			}
			torn := &tape.Tape{Header: tp.Header, Events: part}
			for _, f := range export.Formats() {
				sound(t, name+" torn", f.Name, written(t, f.Name, torn, export.Options{Whole: r.Intn(2) == 0}))
			}
		}
	}
}
