package spec

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// wait is a dependency as it is written.
type wait struct {
	group   string // in which the command is
	command int
	name    *node
	when    Condition
}

// latest is a dump, which has to fall into the grace period.
type latest struct {
	at          *node
	dump, grace time.Duration
}

// check is about what lies between commands. It is called when all are known.
func (r *reader) check() {
	edges := make([][]edge, len(r.file.Commands))
	for _, w := range r.waits {
		for _, to := range r.resolve(w) {
			edges[w.command] = append(edges[w.command], edge{to, w.name})
			c := &r.file.Commands[w.command]
			if d := (Dependency{Name: r.file.Commands[to].Name, When: w.when}); !slices.Contains(c.After, d) {
				c.After = append(c.After, d)
			}
			if w.when == WhenDone && r.file.Commands[to].Restart.Policy == Always {
				r.refuse(w.name, "never done, since it is always restarted", "restart it on-failure, or wait until it is ready")
			}
		}
	}
	r.cycles(edges)
	r.stopOrder()
	for _, d := range r.dumps {
		grace := d.grace
		if grace == 0 {
			grace = r.file.Grace
		}
		if grace > 0 && d.dump >= grace {
			r.refuse(d.at, "not shorter than the grace period of "+grace.String(), "it is the time between the dump and SIGKILL")
		}
	}
}

// resolve finds the commands that a dependency names: seen from the group of the
// one that has it, then from the groups around that. A group stands for all in it.
func (r *reader) resolve(w wait) []int {
	name := w.name.text
	own := r.file.Commands[w.command].Name
	for at := w.group; ; {
		full := (&group{path: at}).named(name)
		switch i, command := r.made[full]; {
		case command && i == w.command:
			r.refuse(w.name, "it depends on itself", "take it out")
			return nil
		case command:
			return []int{i}
		case r.groups[full] != nil && strings.HasPrefix(own, full+"/"):
			r.refuse(w.name, "it is in this group itself", "name the commands of the group that it needs")
			return nil
		case r.groups[full] != nil:
			return r.members(full)
		case at == "":
			r.refuse(w.name, r.unknown(name), DidYouMean(name, r.names(w)))
			return nil
		}
		at = parent(at)
	}
}

func parent(path string) string {
	return path[:max(strings.LastIndexByte(path, '/'), 0)]
}

// members are the commands of a group and of the groups in it.
func (r *reader) members(group string) (all []int) {
	for i, c := range r.file.Commands {
		if strings.HasPrefix(c.Name, group+"/") {
			all = append(all, i)
		}
	}
	return all
}

func (r *reader) unknown(name string) string {
	if g := parent(name); g != "" && r.groups[g] == nil {
		return "there is no group " + shown(g)
	}
	return "there is no such command"
}

// names are the other commands and groups, as they are called from where w stands.
func (r *reader) names(w wait) (names []string) {
	own := r.file.Commands[w.command].Name
	for _, c := range r.file.Commands {
		if c.Name != own {
			names = append(names, strings.TrimPrefix(c.Name, w.group+"/"))
		}
	}
	return append(names, slices.Sorted(maps.Keys(r.groups))...)
}

// edge leads from a command to one that it depends on.
type edge struct {
	to int
	at *node
}

// cycles tells of commands that wait for one another, once for each circle.
func (r *reader) cycles(edges [][]edge) {
	const fresh, open, closed = 0, 1, 2
	state := make([]int, len(edges))
	var way []int  // from where the search began to where it is
	var by []*node // the dependencies on that way
	var visit func(i int)
	visit = func(i int) {
		state[i] = open
		way = append(way, i)
		for _, e := range edges[i] {
			switch by = append(by, e.at); state[e.to] {
			case fresh:
				visit(e.to)
			case open:
				from := slices.Index(way, e.to)
				r.circle(way[from:], by[from])
			}
			by = by[:len(by)-1]
		}
		way = way[:len(way)-1]
		state[i] = closed
	}
	for i := range edges {
		if state[i] == fresh {
			visit(i)
		}
	}
}

func (r *reader) circle(commands []int, at *node) {
	var names []string
	for _, i := range append(slices.Clone(commands), commands[0]) {
		names = append(names, r.file.Commands[i].Name)
	}
	r.add(Error{Line: at.line, Column: at.col, Text: strings.Join(names, " -> "),
		Why: "these wait for one another", Advice: "take one of the dependencies out"})
}

// stopOrder reads the order in which commands stop.
func (r *reader) stopOrder() {
	if r.order == nil {
		return
	}
	if r.order.kind != list {
		r.refuse(r.order, "not a list", "such as [web, db]")
		return
	}
	lines := map[string]int{}
	for _, item := range r.order.items {
		name, ok := r.text(item, "[web, db]")
		if !ok {
			continue
		}
		_, known := r.made[name]
		switch {
		case lines[name] > 0:
			r.refuse(item, "named twice", fmt.Sprintf("the first is in line %d", lines[name]))
		case r.groups[name] != nil:
			r.refuse(item, "a group has no place in an order", "name its commands")
		case !known:
			r.refuse(item, r.unknown(name), DidYouMean(name, r.commandNames()))
		default:
			r.file.StopOrder = append(r.file.StopOrder, name)
		}
		lines[name] = item.line
	}
}

func (r *reader) commandNames() (names []string) {
	for _, c := range r.file.Commands {
		names = append(names, c.Name)
	}
	return names
}
