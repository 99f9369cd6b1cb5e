package spec

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// command reads one command. Its environment comes first, wherever it stands: the
// other values may hold variables of it.
func (r *reader) command(g *group, name string, key, n *node) {
	c := Command{Name: name, Line: key.line, Restart: Restart{Policy: Never}}
	var command, dir, env, envFiles, after, ready, restart *node
	auto, errs := true, len(r.errs)
	r.fields(n, "{command: ./server}",
		field{"command", keep(&command)},
		field{"dir", keep(&dir)},
		field{"env", keep(&env)},
		field{"env_files", keep(&envFiles)},
		field{"depends_on", keep(&after)},
		field{"ready", keep(&ready)},
		field{"restart", keep(&restart)},
		field{"stop", func(n *node) { r.stop(&c.Stop, n) }},
		field{"pty", r.flag(&c.PTY)},
		field{"stdin", r.flag(&c.Stdin)},
		field{"autostart", r.flag(&auto)},
		field{"critical", r.flag(&c.Critical)},
	)
	c.Manual = !auto
	scope := g.scope.inner()
	c.Env = slices.Concat(g.env, r.envFiles(scope, envFiles), r.envOf(scope, env))
	if c.Dir = r.beside(g.dir); g.dir == "" && r.dir != "." {
		c.Dir = r.dir
	}
	if dir != nil {
		c.Dir = r.beside(r.dirOf(scope, dir))
	}
	if command != nil {
		c.Argv = r.argv(command)
	} else if n.kind == mapping && n.get("command") == nil && len(r.errs) == errs { // else it is most likely what was misspelt
		r.refuse(key, "no command", "add command: and what is to be run")
	}
	if ready != nil {
		c.Ready = r.ready(scope, ready)
	}
	if restart != nil {
		r.restart(&c.Restart, restart)
	}
	if after != nil {
		r.after(g, len(r.file.Commands), after)
	}
	r.made[name] = len(r.file.Commands)
	r.file.Commands = append(r.file.Commands, c)
}

// argv reads what is to be run: a command line for the shell, or a list of words.
func (r *reader) argv(n *node) []string {
	if n.kind != list {
		if n.kind == mapping {
			r.refuse(n, "neither a command line nor a list of words", "such as ./server --port 80, or [./server, --port, 80]")
			return nil
		}
		line, ok := r.text(n, "./server")
		if !ok {
			return nil
		}
		return shell(strings.TrimSpace(line))
	}
	if len(n.items) == 0 {
		r.refuse(n, "empty", "such as [./server, --verbose]")
	}
	var argv []string
	for i, item := range n.items {
		switch {
		case !item.scalar() || item.kind == null:
			r.refuse(&node{text: n.key, line: item.line, col: item.col}, "not a word", "a list of words, such as [./server, --verbose]")
		case strings.ContainsRune(item.text, 0):
			r.refuse(item, "holds a zero byte", "no program can be given one")
		case i == 0 && item.text == "":
			r.refuse(&node{text: n.key, line: item.line, col: item.col}, "no program", "the first word is the program")
		}
		argv = append(argv, item.text)
	}
	return argv
}

// envOf reads variables. Each may be made of those above it.
func (r *reader) envOf(s *scope, n *node) (env []string) {
	if n == nil {
		return nil
	}
	if n.kind != mapping {
		r.refuse(n, "not a mapping", "such as {PORT: 8080}")
		return nil
	}
	for _, e := range n.entries {
		name := e.key.text
		if name == "" || strings.ContainsAny(name, "= \t\n\x00") {
			r.refuse(e.key, "not the name of a variable", "such as PORT")
			continue
		}
		if e.value.kind == null {
			r.refuse(e.value, "no value", `write "" for an empty one`)
			continue
		}
		if !e.value.scalar() {
			r.refuse(e.value, "not a text", "such as "+name+": hello")
			continue
		}
		value, ok := r.expand(s, e.value)
		if strings.ContainsRune(value, 0) {
			r.refuse(e.value, "holds a zero byte", "no program can be given one")
			continue
		}
		if ok {
			s.vars[name] = value
			env = append(env, name+"="+value)
		}
	}
	return env
}

// expand replaces the variables in a text.
func (r *reader) expand(s *scope, n *node) (string, bool) {
	value, why, advice := s.expand(n.text)
	if why != "" {
		r.refuse(n, why, advice)
	}
	return value, why == ""
}

// dirOf reads a directory that is there.
func (r *reader) dirOf(s *scope, n *node) string {
	if _, ok := r.text(n, "server"); !ok {
		return ""
	}
	dir, ok := r.expand(s, n)
	if !ok {
		return ""
	}
	path := r.beside(dir)
	switch info, err := os.Stat(path); {
	case err != nil:
		r.refuse(n, "no such directory", "looked for "+full(path))
	case !info.IsDir():
		r.refuse(n, "not a directory", "it is a file")
	}
	return dir
}

func full(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// after reads what a command depends on. Which commands these are is looked up
// when all are known.
func (r *reader) after(g *group, command int, n *node) {
	seen := map[string]bool{}
	add := func(name *node, when Condition) {
		if seen[name.text] {
			r.refuse(name, "named twice", "once is enough")
			return
		}
		seen[name.text] = true
		r.waits = append(r.waits, wait{group: g.path, command: command, name: name, when: when})
	}
	switch n.kind {
	case list:
		for _, item := range n.items {
			if _, ok := r.text(item, "[db, cache]"); ok {
				add(item, WhenReady)
			}
		}
	case mapping:
		for _, e := range n.entries {
			if when, ok := r.condition(e.value); ok {
				add(e.key, when)
			}
		}
	default:
		r.refuse(n, "neither a list nor a mapping", "such as ["+shown(n.text)+"], or {"+shown(n.text)+": ready}")
	}
}

var conditions = map[string]Condition{"ready": WhenReady, "started": WhenStarted, "done": WhenDone}

func (r *reader) condition(n *node) (Condition, bool) {
	if !r.given(n) {
		return "", false
	}
	when, ok := conditions[n.text]
	if n.kind != text || !ok {
		r.refuse(n, "not a condition", DidYouMean(n.text, slices.Sorted(maps.Keys(conditions))))
		return "", false
	}
	return when, true
}
