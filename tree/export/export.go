// Package export writes a recording in the formats of other programs: pictures
// and pages for people, tables and traces for tools. It is pure: the same tape
// and options give the same bytes.
//
// Every text of a watched process is cleaned of control characters and escaped
// as its format needs it, so that no name can become markup, script or formula.
package export

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"multiexit/tree/tape"
)

// Options say what is told and how. The zero value is good for all formats.
type Options struct {
	Title    string    // "": the recorded command
	Whole    bool      // all of the recording; else from the last shutdown in it on, if there is one
	Light    bool      // svg: for a light page
	Width    int       // svg: in pixels; 0 is 1200
	Rows     int       // svg: at most so many processes are drawn; 0 is 500. cast: of Frame; 0 is as many as it has
	Cols     int       // cast: of Frame; 0 is as many as it has
	FPS      int       // cast: frames of Frame a second, at most 60; 0 is 12
	Findings []Finding // html, markdown, svg: what is to be said about the run
	Path     []Step    // html, markdown, svg: its critical path

	// Frame is the screen at a moment, its lines ended by newlines, with whatever
	// sequences a terminal needs for the colours, each line for itself. With it, a
	// cast is a film of the screen; without, it is the events as lines.
	Frame func(at time.Duration) string
}

// Finding is a remark about the run: what went wrong, by which rule, and what to
// do about it. Node and Handler may be empty.
type Finding struct {
	Rule    string        `json:"rule,omitzero"`
	Node    string        `json:"node,omitzero"` // path id
	Handler string        `json:"handler,omitzero"`
	At      time.Duration `json:"at,omitzero"` // since the recording's start
	Text    string        `json:"text"`
	Advice  string        `json:"advice,omitzero"`

	Injected string `json:"injected,omitzero"` // the fault that was put in and that it may have come of
}

// Step is one piece of the critical path: what everything waited for in that time.
type Step struct {
	Node string        `json:"node"` // path id
	At   time.Duration `json:"at"`   // since the recording's start
	For  time.Duration `json:"for"`
	Text string        `json:"text"` // what it was spent on

	Injected string `json:"injected,omitzero"` // what was put into it on purpose: "delay", "pace"
}

// Format is one of the formats.
type Format struct {
	Name string   // "svg"
	Ends []string // of the names of its files, the usual one first
	What string   // in a few words, for a list of formats

	write func(w io.Writer, t *tape.Tape, o *Options) error
}

var formats = []Format{
	{"svg", []string{".svg"}, "a picture of the shutdown", writeSVG},
	{"html", []string{".html", ".htm"}, "a page to zoom and search, in one file", writeHTML},
	{"trace", []string{".trace.json", ".json"}, "for ui.perfetto.dev and chrome://tracing", writeTrace},
	{"cast", []string{".cast"}, "asciicast v2, for asciinema", writeCast},
	{"mermaid", []string{".mmd", ".mermaid"}, "a Mermaid sequence diagram", writeMermaid},
	{"gantt", []string{".gantt.mmd", ".gantt"}, "a Mermaid gantt chart", writeGantt},
	{"markdown", []string{".md", ".markdown"}, "a report", writeMarkdown},
	{"csv", []string{".csv"}, "a table of processes and handlers", writeCSV},
}

// Formats are all that Write knows.
func Formats() []Format { return append([]Format(nil), formats...) }

// FormatOf is the format that the name of a file asks for; "" if it asks for none.
func FormatOf(file string) string {
	file = strings.ToLower(path.Base(file))
	name, longest := "", 0
	for _, f := range formats {
		for _, end := range f.Ends {
			if strings.HasSuffix(file, end) && len(end) > longest {
				name, longest = f.Name, len(end)
			}
		}
	}
	return name
}

// Write writes t in a format. Its errors are one line: that the format is not
// known, or that of w.
func Write(w io.Writer, format string, t *tape.Tape, o Options) error {
	for _, f := range formats {
		if f.Name == format {
			b := bufio.NewWriterSize(w, 64<<10)
			if err := f.write(b, t, &o); err != nil {
				return err
			}
			return b.Flush()
		}
	}
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.Name
	}
	return fmt.Errorf("format %q: not known (one of %s)", format, strings.Join(names, ", "))
}
