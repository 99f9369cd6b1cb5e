package export

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"
	"time"

	"multiexit/tree"
	"multiexit/tree/tape"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

//go:embed page.js
var headJS string

//go:embed lanes.js
var lanesJS string

//go:embed side.js
var sideJS string

// pageJS is the script of the page: its parts, which share their names.
var pageJS = "\"use strict\";\n(function () {\n" + headJS + lanesJS + sideJS + "})();\n"

// sheet is what the page knows of the recording. Times are nanoseconds since the
// recording's start; processes are named by their places in Rows, -1 is none.
type sheet struct {
	Title    string         `json:"title"`
	Command  string         `json:"command"`
	Host     string         `json:"host"`
	Start    string         `json:"start"`
	Observer string         `json:"observer"`
	Cause    string         `json:"cause"`
	From     time.Duration  `json:"from"`
	To       time.Duration  `json:"to"`
	Total    time.Duration  `json:"total"`
	Rows     []sheetRow     `json:"rows"`
	Rungs    []sheetMark    `json:"rungs"`
	Log      []sheetLine    `json:"log"`
	More     int            `json:"more,omitzero"` // lines that the log leaves out
	Findings []sheetFinding `json:"findings"`
	Path     []sheetStep    `json:"path"`
	Counts   map[string]int `json:"counts"`
}

type sheetRow struct {
	ID      string        `json:"id"`
	Name    string        `json:"name"`
	PID     int           `json:"pid"`
	Argv    string        `json:"argv"`
	Parent  int           `json:"parent"`
	Depth   int           `json:"depth"`
	Last    bool          `json:"last"`
	State   string        `json:"state"`
	Good    bool          `json:"good"`
	Spoilt  bool          `json:"spoilt,omitzero"` // not good, on purpose
	Result  string        `json:"result"`
	Outcome string        `json:"outcome"`
	Term    string        `json:"term"`
	Reports bool          `json:"reports"`
	Orphan  bool          `json:"orphan"`
	Grace   time.Duration `json:"grace"`
	Asked   time.Duration `json:"asked"` // -1: it was not
	Born    time.Duration `json:"born"`
	Until   time.Duration `json:"until"` // it was gone, or the end if it lives
	Marks   []sheetMark   `json:"marks"`
	Pauses  []sheetPause  `json:"pauses"`
	Turns   []sheetTurn   `json:"turns"`
	Never   []sheetTurn   `json:"never"`
}

type sheetMark struct {
	At   time.Duration `json:"at"`
	Text string        `json:"text"`
	By   string        `json:"by,omitzero"`
}

type sheetPause struct {
	From time.Duration `json:"from"`
	To   time.Duration `json:"to"`
	Held bool          `json:"held"`
}

type sheetTurn struct {
	Name     string        `json:"name"`
	Origin   string        `json:"origin"`
	By       string        `json:"by,omitzero"` // who shared it
	Src      string        `json:"src,omitzero"`
	State    string        `json:"state"`
	From     time.Duration `json:"from"`
	To       time.Duration `json:"to"`
	Limit    time.Duration `json:"limit,omitzero"`
	Err      string        `json:"err,omitzero"`
	Injected string        `json:"injected,omitzero"`
	Waits    []int         `json:"waits,omitempty"`
}

type sheetLine struct {
	At   time.Duration `json:"at"`
	Row  int           `json:"row"`
	Mood mood          `json:"mood"`
	Text string        `json:"text"`
}

type sheetFinding struct {
	Finding
	Row    int  `json:"row"`
	Spoilt bool `json:"spoilt,omitzero"` // about what was broken on purpose
}

type sheetStep struct {
	Step
	Row int `json:"row"`
}

// writeHTML writes a page that needs nothing but itself: its policy forbids it
// any request, and any script and style but its own.
func writeHTML(w io.Writer, t *tape.Tape, o *Options) error {
	s := newStory(t, o)
	data, err := json.Marshal(s.sheet(t)) // which escapes <, > and &: nothing in it ends the element
	if err != nil {
		return err
	}
	policy := "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src '" + hash(pageCSS) + "'; script-src '" + hash(pageJS) + "'"
	_, err = strings.NewReplacer("{{policy}}", policy, "{{title}}", xml(s.title), "{{css}}", pageCSS, "{{js}}", pageJS, "{{data}}", string(data)).WriteString(w, pageHTML)
	return err
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

func (s *story) sheet(t *tape.Tape) *sheet {
	c := s.tally()
	p := &sheet{
		Title: s.title, Command: clean(joined(s.header.Argv)), Host: clean(s.header.Host), Start: when(s.header.Start),
		Observer: clean(s.header.Observer), Cause: s.cause(), From: s.from, To: s.to, Total: s.total,
		Rows: []sheetRow{}, Rungs: []sheetMark{}, Log: []sheetLine{}, Findings: []sheetFinding{}, Path: []sheetStep{},
		Counts: map[string]int{"processes": c.processes, "exited": c.exited, "failed": c.failed, "alive": c.alive,
			"handlers": c.handlers, "broken": c.broken, "lost": c.lost, "skipped": c.skipped, "injected": c.injected},
	}
	for _, l := range s.lives {
		p.Rows = append(p.Rows, s.sheetRow(l))
	}
	for _, r := range s.rungs {
		if r.at >= s.from && r.at <= s.to {
			p.Rungs = append(p.Rungs, sheetMark{At: r.at, Text: clean(r.text)})
		}
	}
	for _, f := range s.findings {
		row, spoilt := s.place(f.Node), f.Injected != ""
		f.Rule, f.Node, f.Handler, f.Text, f.Advice, f.Injected = clean(f.Rule), clean(f.Node), clean(f.Handler), clean(f.Text), clean(f.Advice), ""
		p.Findings = append(p.Findings, sheetFinding{f, row, spoilt})
	}
	for _, step := range s.path {
		row := s.place(step.Node)
		step.Node, step.Text, step.Injected = clean(step.Node), clean(step.Text), clean(step.Injected)
		p.Path = append(p.Path, sheetStep{step, row})
	}
	const most = 20000
	tell(t, s.from, func(l line) bool {
		if len(p.Log) >= most {
			p.More++
			return true
		}
		p.Log = append(p.Log, sheetLine{l.at, s.place(l.node), l.mood, cut(l.text, 500)})
		return true
	})
	return p
}

// place is the row of a node; -1 if it has none.
func (s *story) place(id string) int {
	if n := s.tree.Node(id); s.told(n) {
		return s.of[id].row
	}
	return -1
}

func (s *story) sheetRow(l *life) sheetRow {
	good, words := l.result()
	r := sheetRow{
		ID: clean(l.ID), Name: l.name(), PID: l.PID, Argv: cut(clean(joined(l.Argv)), 2000), Parent: -1, Depth: l.depth, Last: l.last, State: l.State.String(),
		Good: good, Spoilt: l.Sabotaged(), Result: words, Outcome: clean(l.Outcome()), Term: clean(string(l.Term)), Reports: l.Reports, Orphan: l.Orphan,
		Grace: l.Grace, Asked: -1, Born: l.Born, Until: l.until(s.to),
		Marks: []sheetMark{}, Pauses: []sheetPause{}, Turns: []sheetTurn{}, Never: []sheetTurn{},
	}
	if l.parent != nil {
		r.Parent = l.parent.row
	}
	if at, ok := l.asked(s.from); ok {
		r.Asked = at
	}
	for _, m := range l.marks {
		by := clean(m.sender)
		if n := s.tree.Node(m.sender); n != nil {
			by = called(n)
		}
		r.Marks = append(r.Marks, sheetMark{m.at, m.text, by})
	}
	for _, p := range l.pauses {
		r.Pauses = append(r.Pauses, sheetPause{p.from, p.to, p.held})
	}
	for i := range l.spans {
		p := &l.spans[i]
		turn := s.sheetTurn(p.Handler)
		turn.From, turn.To, turn.Injected = p.from, p.to, p.injected
		r.Turns = append(r.Turns, turn)
	}
	for _, h := range l.never {
		turn := s.sheetTurn(h)
		turn.Injected = l.faults[h.ID]
		r.Never = append(r.Never, turn)
	}
	return r
}

func (s *story) sheetTurn(h *tree.Handler) sheetTurn {
	t := sheetTurn{Name: clean(h.Name), Origin: origin(h), Src: clean(h.Src), State: h.State.String(), Limit: h.Timeout, Err: clean(h.Err)}
	if h.From != nil {
		t.By = called(h.From)
	}
	for _, n := range h.Waits {
		t.Waits = append(t.Waits, s.place(n.ID))
	}
	return t
}
