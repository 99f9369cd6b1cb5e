package spec

import (
	"errors"
	"io/fs"
	"regexp"
	"strings"

	"github.com/joho/godotenv"
)

// envFiles reads the files of variables that a command names. Each may be made of
// those of the files before it.
func (r *reader) envFiles(s *scope, n *node) (env []string) {
	if n == nil {
		return nil
	}
	if n.kind != list {
		r.refuse(n, "not a list", "such as [.env, .env.local]")
		return nil
	}
	for _, item := range n.items {
		if _, ok := r.text(item, ".env"); !ok {
			continue
		}
		if name, ok := r.expand(s, item); ok {
			env = append(env, r.envFile(s, r.beside(name), item)...)
		}
	}
	return env
}

// envFile reads one file of variables, which from names; nil if it is the .env
// beside a Procfile.
func (r *reader) envFile(s *scope, path string, from *node) []string {
	before := len(r.errs)
	src, ok := r.contents(path)
	if ok {
		env := r.variables(s, path, src)
		if len(r.errs) == before {
			return env
		}
	}
	for i := before; i < len(r.errs) && from != nil; i++ {
		e := &r.errs[i]
		if e.from, e.fromChar = from.line, from.col; e.Line > 0 {
			continue
		}
		if errors.Is(e.cause, fs.ErrNotExist) {
			e.Advice = "looked for " + full(path)
		}
		e.Path, e.Line, e.Column, e.Text = r.path, from.line, from.col, from.text
	}
	return nil
}

// variables are those of the text of a file, in its order. What its values are is
// godotenv's; where each statement begins is found here, for errors and the order.
func (r *reader) variables(s *scope, path, src string) (env []string) {
	all, before := statements(src), len(r.errs)
	for _, st := range all {
		if why, advice := st.wrong(); why != "" {
			r.add(Error{Path: path, Line: st.line, Column: 1, Text: st.first(), Why: why, Advice: advice})
		}
	}
	if len(r.errs) > before {
		return nil
	}
	values, err := godotenv.Unmarshal(seed(s, src) + src)
	if err != nil {
		for _, st := range all {
			if _, err := godotenv.Unmarshal(st.text); err != nil {
				r.add(Error{Path: path, Line: st.line, Column: 1, Text: st.first(), Why: "not understood", Advice: "write KEY=VALUE"})
				return nil
			}
		}
		r.add(Error{Path: path, Line: 1, Column: 1, Why: "not understood", Advice: "write KEY=VALUE in each line"})
		return nil
	}
	for _, st := range all {
		s.vars[st.key] = values[st.key]
		env = append(env, st.key+"="+values[st.key])
	}
	return env
}

// statement is KEY=VALUE in a file of variables. A quoted value may go over
// several lines.
type statement struct {
	line   int
	key    string
	text   string
	equals bool
	open   bool // a quote in it is not closed
}

func (st statement) first() string {
	first, _, _ := strings.Cut(st.text, "\n")
	return first
}

var envName = regexp.MustCompile(`^[A-Za-z0-9_.]+$`)

func (st statement) wrong() (why, advice string) {
	switch {
	case !st.equals:
		return "no = in it", "write KEY=VALUE"
	case !envName.MatchString(st.key):
		return "not the name of a variable", "letters, digits, _ and . make one"
	case st.open:
		return "a quote that is not closed", "a value goes on until its quote comes again"
	}
	return "", ""
}

// statements cuts a file of variables where godotenv does.
func statements(src string) (all []statement) {
	lines := strings.Split(src, "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		if line == "" || line[0] == '#' {
			continue
		}
		st := statement{line: i + 1, text: line}
		at := strings.IndexAny(line, "=:")
		if st.equals = at >= 0; st.equals {
			st.key = strings.TrimSpace(strings.TrimPrefix(line[:at], "export "))
			value := strings.TrimSpace(line[at+1:])
			last := i + extent(value, lines[i+1:])
			if st.open = last == len(lines); !st.open && last > i {
				st.text += "\n" + strings.Join(lines[i+1:last+1], "\n")
				i = last
			}
		}
		all = append(all, st)
	}
	return all
}

// extent is over how many further lines a value goes: none unless it begins with
// a quote that is not closed in its own; all and one more if it never is.
func extent(value string, further []string) int {
	if value == "" || value[0] != '"' && value[0] != '\'' {
		return 0
	}
	quote, line := value[0], value[1:]
	for i := 0; ; i++ {
		if closes(line, quote) {
			return i
		}
		if i == len(further) {
			return i + 1
		}
		line = further[i]
	}
}

// closes reports whether a quote ends in this line. Only a backslash before it, in
// either kind of quotes, keeps it from that.
func closes(line string, quote byte) bool {
	for i := range len(line) {
		if line[i] == quote && (i == 0 || line[i-1] != '\\') {
			return true
		}
	}
	return false
}

var reference = regexp.MustCompile(`\$\{?([A-Z0-9_]+)`)

// seed is a text that gives the variables of s that src refers to. godotenv knows
// only those of the text itself, and would take the others for empty.
func seed(s *scope, src string) string {
	var b strings.Builder
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "\n", `\n`, "\r", `\r`)
	seen := map[string]bool{}
	for _, m := range reference.FindAllStringSubmatch(src, -1) {
		name := m[1]
		value, ok := s.lookup(name)
		if !ok || seen[name] {
			continue
		}
		seen[name] = true
		line := name + `="` + escape.Replace(value) + `"` + "\n"
		// Not every value survives its quoting: one that would not is left out.
		if back, err := godotenv.Unmarshal(line); err == nil && len(back) == 1 && back[name] == value {
			b.WriteString(line)
		}
	}
	return b.String()
}
