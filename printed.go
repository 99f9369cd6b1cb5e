package main

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"multiexit/exitreg"
	"multiexit/tree"
)

// printed makes lines for people of what programs print: without colours and
// other control sequences, and what was written to a terminal put together from
// its pieces.
type printed struct{ parts map[string]string } // by node: a line whose end has not come

// mostPart is where a line that does not end is cut.
const mostPart = 16 << 10

// lines are those that an event completes.
func (p *printed) lines(e *tree.Event) []string {
	if e.Stream != "pty" {
		return []string{tidy(e.Text)}
	}
	all := strings.Split(p.parts[e.Node]+e.Text, "\n")
	last := all[len(all)-1]
	if len(last) > mostPart {
		last = ""
	} else {
		all = all[:len(all)-1]
	}
	if p.parts == nil {
		p.parts = map[string]string{}
	}
	p.parts[e.Node] = last
	for i, line := range all {
		all[i] = tidy(line)
	}
	return all
}

// rest is the line that the end of a program leaves without an end.
func (p *printed) rest(e *tree.Event) []string {
	part := p.parts[e.Node]
	if e.Kind != exitreg.KindExit || tidy(part) == "" {
		return nil
	}
	delete(p.parts, e.Node)
	return []string{tidy(part)}
}

// tidy is a line as it stands on the screen in the end: what a carriage return
// takes back is overwritten.
func tidy(line string) string {
	line = strings.TrimRight(ansi.Strip(line), "\r")
	return tree.Clean(line[strings.LastIndexByte(line, '\r')+1:])
}
