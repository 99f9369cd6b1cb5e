package export_test

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"multiexit/tree/export"
)

// Each format of each recording keeps the rules of the format.
func TestSound(t *testing.T) {
	for name, tp := range recordings(t) {
		for _, f := range export.Formats() {
			for _, o := range []export.Options{{}, {Whole: true, Light: true, Width: 700, Rows: 3, Findings: findings, Path: path}} {
				sound(t, name, f.Name, written(t, f.Name, tp, o))
			}
		}
	}
}

// sound checks the rules of a format.
func sound(t *testing.T, name, format, text string) {
	t.Helper()
	check := map[string]func(string) error{
		"svg": soundSVG, "html": soundHTML, "trace": soundTrace, "cast": soundCast,
		"mermaid": soundLines(mermaidLines), "gantt": soundLines(ganttLines), "markdown": soundMarkdown, "csv": soundCSV,
	}[format]
	if err := check(text); err != nil {
		t.Errorf("%s as %s: %v", name, format, err)
	}
}

// elements walks through XML, and fails where it is not well-formed, where an
// element is none of those allowed, and where an attribute could run something.
func elements(text string, allowed string) error {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict = true
	for {
		token, err := d.Token()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.Comment:
			return errors.New("a comment that nobody wrote")
		case xml.StartElement:
			if !strings.Contains(" "+allowed+" ", " "+e.Name.Local+" ") {
				return errors.New("an element " + e.Name.Local)
			}
			for _, a := range e.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" || a.Name.Local == "src" || a.Name.Local == "style" {
					return errors.New("an attribute " + a.Name.Local)
				}
			}
		}
	}
}

func soundSVG(text string) error {
	if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
		return errors.New("a number that is none")
	}
	return elements(text, "svg title desc defs linearGradient stop rect text path circle g")
}

var insides = regexp.MustCompile(`(?s)<(style|script[^>]*)>(.*?)</(style|script)>`)

// soundHTML checks the markup, which is written so that it is XML too; its
// scripts end where they should, and nothing is fetched.
func soundHTML(text string) error {
	parts := insides.FindAllStringSubmatch(text, -1)
	if len(parts) != 3 {
		return errors.New("not one style, one script and one piece of data")
	}
	if !json.Valid([]byte(parts[1][2])) || strings.ContainsAny(parts[1][2], "<>&") {
		return errors.New("data that is no JSON, or not escaped")
	}
	for _, code := range []string{parts[0][2], parts[2][2]} {
		code = strings.ReplaceAll(code, "http://www.w3.org/2000/svg", "")
		for _, word := range []string{"http:", "https:", "//cdn", "@import", "url(", "fetch(", "XMLHttpRequest", "import(", "WebSocket", "innerHTML", "insertAdjacentHTML", "document.write", "eval("} {
			if strings.Contains(code, word) {
				return errors.New("the page uses " + word)
			}
		}
	}
	markup := strings.TrimPrefix(insides.ReplaceAllString(text, ""), "<!DOCTYPE html>")
	return elements(markup, "html head meta title body header div h1 span input button main section canvas aside nav h2 noscript")
}

// dataOf is the recording as the page holds it.
func dataOf(t testing.TB, page string) string {
	t.Helper()
	parts := insides.FindAllStringSubmatch(page, -1)
	if len(parts) != 3 {
		t.Fatalf("%d scripts and styles", len(parts))
	}
	return parts[1][2]
}

func soundCast(text string) error {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	var head struct{ Version, Width, Height int }
	if err := json.Unmarshal([]byte(lines[0]), &head); err != nil {
		return err
	}
	if head.Version != 2 || head.Width < 1 || head.Height < 1 {
		return errors.New("a header " + lines[0])
	}
	last := 0.0
	for _, line := range lines[1:] {
		var event []any
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			return err
		}
		if len(event) != 3 || event[1] != "o" || event[0].(float64) < last {
			return errors.New("an event " + line)
		}
		last = event[0].(float64)
	}
	return nil
}

// The lines of the two Mermaid grammars, with names in which nothing but entity
// codes is special.
const mermaidText = `(?:[\p{L}\p{N} ./,_✓✗⚑·…\-]|#\w+;)*`

var (
	mermaidLines = regexp.MustCompile(`^(?:sequenceDiagram|    accTitle: ` + mermaidText + `|    participant p\d+ as ` + mermaidText + `|    actor x\d+ as ` + mermaidText +
		`|    [px]\d+(?:->>|-->>|--x)p\d+: ` + mermaidText + `|    Note over p\d+: (?:` + mermaidText + `(?:<br/>)?)*)$`)
	ganttLines = regexp.MustCompile(`^(?:%%\{init: \{"gantt": \{"topAxis": true, "leftPadding": \d+\}\}\}%%|gantt|    title ` + mermaidText + `|    dateFormat x|    axisFormat \S+|    todayMarker off|    section ` + mermaidText + `|    ` + mermaidText + ` :(?:(?:done|active|crit), )?\d+, \d+)$`)
)

func soundLines(rule *regexp.Regexp) func(string) error {
	return func(text string) error {
		if n := utf8.RuneCountInString(text); n > 50_000 {
			return fmt.Errorf("%d characters, which nobody draws", n)
		}
		for line := range strings.Lines(text) {
			if line = strings.TrimSuffix(line, "\n"); !rule.MatchString(line) {
				return errors.New("a line " + line)
			}
		}
		return nil
	}
}

// soundMarkdown checks that a table has as many cells in each of its rows, and
// that no name is markup.
func soundMarkdown(text string) error {
	cells, fence := 0, ""
	escaped := regexp.MustCompile(`\\.`)
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case fence != "":
			if line == fence {
				fence = ""
			}
			continue
		case strings.HasPrefix(line, "```"):
			fence = strings.TrimSuffix(line, "text")
			continue
		case strings.Contains(line, "<"):
			return errors.New("markup in " + line)
		}
		n := strings.Count(escaped.ReplaceAllString(line, ""), "|")
		if n > 0 && cells > 0 && n != cells {
			return errors.New("a row of another length: " + line)
		}
		cells = n
	}
	if fence != "" {
		return errors.New("a block without an end")
	}
	return nil
}

func soundCSV(text string) error {
	_, err := csv.NewReader(strings.NewReader(text)).ReadAll() // each row as long as the first
	return err
}
