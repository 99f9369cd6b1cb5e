package spec

import (
	"fmt"
	"regexp"
	"strings"
)

// maxCommands is how many commands and groups a file may have. Aliases can make
// more of a few lines than anybody can run.
const maxCommands = 1000

// yaml reads a multiexit.yaml.
func (r *reader) yaml(src string) {
	if strings.TrimSpace(src) == "" {
		r.add(Error{Why: "empty", Advice: "multiexit init writes an example"})
		return
	}
	top := r.parseYAML(src)
	switch {
	case len(r.errs) > 0 && top == nil:
		return
	case top == nil:
		r.add(Error{Line: 1, Column: 1, Why: "no commands", Advice: "multiexit init writes an example"})
		return
	case top.kind == text && strings.Contains(top.text, ":"):
		r.refuse(top, "no key", "write a space after the colon")
		return
	}
	r.top(top)
	if r.visits == 0 && len(r.errs) == 0 {
		r.add(Error{Line: top.line, Column: top.col, Why: "no commands", Advice: "such as commands: {web: {command: ./server}}"})
	}
	r.check()
}

// top reads the keys of the file.
func (r *reader) top(n *node) {
	if n.kind == mapping {
		n.entries = ours(n.entries)
	}
	all := group{scope: r.env}
	r.fields(n, "commands: {web: {command: ./server}}",
		field{"version", r.version},
		field{"grace", r.duration(&r.file.Grace)},
		field{"commands", func(n *node) { r.commands(&all, n) }},
		field{"groups", func(n *node) { r.groupsOf(&all, n) }},
		field{"stop_order", keep(&r.order)},
	)
}

// ours leaves out the keys that are for others: those for values that are used
// further down, and the one by which an editor finds the schema.
func ours(entries []entry) (kept []entry) {
	for _, e := range entries {
		if !strings.HasPrefix(e.key.text, "x-") && e.key.text != "$schema" {
			kept = append(kept, e)
		}
	}
	return kept
}

func (r *reader) version(n *node) {
	if n.kind != number || n.text != "1" {
		r.refuse(n, "not a version of the format", "write 1")
	}
}

// group is what the commands in it have in common.
type group struct {
	path  string // "backend"; "" at the top
	dir   string
	env   []string
	scope *scope
}

// named is the name of what is in the group.
func (g *group) named(name string) string {
	if g.path == "" {
		return name
	}
	return g.path + "/" + name
}

func (r *reader) commands(g *group, n *node) {
	r.each(n, "{web: {command: ./server}}", func(key, value *node) {
		if name, ok := r.name(g, key); ok {
			r.command(g, name, key, value)
		}
	})
}

func (r *reader) groupsOf(g *group, n *node) {
	r.each(n, "{backend: {commands: {api: {command: ./api}}}}", func(key, value *node) {
		if name, ok := r.name(g, key); ok {
			r.groups[name] = key
			r.group(g, name, value)
		}
	})
}

// each goes over the commands or groups of a mapping.
func (r *reader) each(n *node, like string, do func(key, value *node)) {
	if n.kind != mapping {
		r.refuse(n, "not a mapping", "such as "+like)
		return
	}
	for _, e := range n.entries {
		if r.visits++; r.visits > maxCommands {
			if r.visits == maxCommands+1 {
				r.refuse(e.key, fmt.Sprintf("more than %d commands", maxCommands), "")
			}
			return
		}
		if r.given(e.value) {
			do(e.key, e.value)
		}
	}
}

// pathID is what processes are called by their place in the tree.
var pathID = regexp.MustCompile(`^[0-9]+(\.[0-9]+)*$`)

var goodName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// name checks the key of a command or a group and gives its full name.
func (r *reader) name(g *group, key *node) (string, bool) {
	if !goodName.MatchString(key.text) {
		r.refuse(key, "not a name", "letters, digits, . _ and - make one")
		return "", false
	}
	if key.text == "all" || pathID.MatchString(key.text) {
		r.refuse(key, "not a name", "it means all, or a process by its path")
		return "", false
	}
	name := g.named(key.text)
	if i, ok := r.made[name]; ok {
		r.refuse(key, "a command has this name", fmt.Sprintf("it is in line %d", r.file.Commands[i].Line))
		return "", false
	}
	if other := r.groups[name]; other != nil {
		r.refuse(key, "a group has this name", fmt.Sprintf("it is in line %d", other.line))
		return "", false
	}
	return name, true
}

// group reads a group. What its commands have in common comes first, wherever in
// the group it stands.
func (r *reader) group(outer *group, name string, n *node) {
	g := &group{path: name, dir: outer.dir, scope: outer.scope.inner()}
	var env, dir *node
	var inside []func()
	r.fields(n, "{commands: {api: {command: ./api}}}",
		field{"commands", func(n *node) { inside = append(inside, func() { r.commands(g, n) }) }},
		field{"groups", func(n *node) { inside = append(inside, func() { r.groupsOf(g, n) }) }},
		field{"env", keep(&env)},
		field{"dir", keep(&dir)},
	)
	g.env = append(outer.env[:len(outer.env):len(outer.env)], r.envOf(g.scope, env)...)
	if dir != nil {
		g.dir = r.dirOf(g.scope, dir)
	}
	before := len(r.file.Commands)
	for _, read := range inside {
		read()
	}
	if n.kind == mapping && len(r.file.Commands) == before && len(r.errs) == 0 {
		r.refuse(&node{text: name, line: n.line, col: n.col}, "a group without commands", "such as commands: {api: {command: ./api}}")
	}
}
