package tree

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ErrNoProcess is what an error of Select is when its pattern is a good one that
// matches nothing (yet).
var ErrNoProcess = errors.New("no process")

// Select finds the processes that a user names: by path id ("0.1"), by the name of
// a command or of a group of them (their own processes), by name or that of its script
// (see Script), by a glob over these or ids ("worker-*", with * and ?), or by "pid:N".
// They come in order of birth, those that are gone included; of a pid that was used
// again only the living or latest process. The error is one line and suggests names.
func (t *Tree) Select(pattern string) ([]*Node, error) {
	if n := t.Node(pattern); n != nil {
		return []*Node{n}, nil
	}
	if pid, ok := strings.CutPrefix(pattern, "pid:"); ok {
		return t.selectPID(pid)
	}
	if pattern == "" {
		return nil, errors.New(`no process is named by "" (want a path such as 0.1, a name, a glob or pid:N)`)
	}
	found := t.ofCommand(pattern)
	if found == nil {
		for _, n := range t.Nodes {
			if n.Name == pattern || n.Script() == pattern {
				found = append(found, n)
			}
		}
	}
	if found == nil && strings.ContainsAny(pattern, "*?") {
		for _, n := range t.Nodes {
			if glob(pattern, n.Name) || glob(pattern, n.ID) || n.Script() != "" && glob(pattern, n.Script()) || n.Command != nil && glob(pattern, n.Command.Name) {
				found = append(found, n)
			}
		}
	}
	if found == nil {
		return nil, fmt.Errorf("%w %q%s", ErrNoProcess, pattern, t.hint(pattern))
	}
	return found, nil
}

// ofCommand is the process of the command, or those of the group, with this name.
func (t *Tree) ofCommand(name string) (found []*Node) {
	commands := t.Group(name)
	if c := t.Command(name); c != nil {
		commands = []*Command{c}
	}
	for _, c := range commands {
		if c.Node != nil {
			found = append(found, c.Node)
		}
	}
	return found
}

func (t *Tree) selectPID(text string) ([]*Node, error) {
	pid, err := strconv.Atoi(text)
	if err != nil || pid <= 0 {
		return nil, fmt.Errorf("bad pid %q (want pid:N)", text)
	}
	var found *Node
	for _, n := range t.Nodes {
		if n.PID == pid && (found == nil || n.Alive() || !found.Alive()) {
			found = n
		}
	}
	if found == nil {
		return nil, fmt.Errorf("%w with pid %d", ErrNoProcess, pid)
	}
	return []*Node{found}, nil
}

// glob matches s against a pattern in which * is any text and ? any character.
// Unlike in path.Match a slash is nothing special: names may have one.
func glob(pattern, s string) bool {
	p, text := []rune(pattern), []rune(s)
	star, from := -1, 0 // the last *, and what it was tried up to
	i, j := 0, 0
	for j < len(text) {
		switch {
		case i < len(p) && p[i] == '*':
			star, from = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == text[j]):
			i++
			j++
		case star >= 0:
			from++
			i, j = star+1, from
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}

// hint names what the user may have meant, or else some of what there is.
func (t *Tree) hint(pattern string) string {
	const most = 3
	var names, near []string
	for _, n := range t.Nodes {
		name := n.Title()
		if slices.Contains(names, name) || len(names) == 100 {
			continue // enough to choose from, also of 10,000
		}
		names = append(names, name)
		if distance(pattern, name) <= 1+len(pattern)/4 {
			near = append(near, name)
		}
	}
	slices.SortStableFunc(near, func(a, b string) int { return distance(pattern, a) - distance(pattern, b) })
	switch {
	case len(names) == 0:
		return " (there is none yet)"
	case len(near) > 0:
		return " (did you mean " + quoted(near[:min(most, len(near))], " or ") + "?)"
	case len(names) > most:
		return " (there are " + quoted(names[:most], ", ") + " ...)"
	}
	return " (there is " + quoted(names, ", ") + ")"
}

func quoted(names []string, sep string) string {
	var b strings.Builder
	for i, name := range names {
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(strconv.Quote(name))
	}
	return b.String()
}

// distance counts the letters to insert, remove, replace or swap with their
// neighbour to make a into b.
func distance(a, b string) int {
	const long = 64 // nobody mistypes that
	if len(a) > long || len(b) > long {
		return long
	}
	var older, old, row [long + 1]int
	for j := range len(b) + 1 {
		old[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			change := 1
			if a[i] == b[j] {
				change = 0
			}
			row[j+1] = min(old[j]+change, old[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], older[j-1]+1)
			}
		}
		older, old = old, row
	}
	return old[len(b)]
}
