package spec

import (
	"regexp"
	"strings"
)

// scope is what variables mean at a place in a file: those given there, then
// those of the group around it, last the environment.
type scope struct {
	outer *scope
	vars  map[string]string
}

// environment makes the outermost scope of KEY=VALUE strings; the last wins.
func environment(env []string) *scope {
	s := &scope{vars: map[string]string{}}
	for _, kv := range env {
		if key, value, ok := strings.Cut(kv, "="); ok {
			s.vars[key] = value
		}
	}
	return s
}

func (s *scope) inner() *scope { return &scope{outer: s, vars: map[string]string{}} }

func (s *scope) lookup(name string) (value string, ok bool) {
	for ; s != nil; s = s.outer {
		if value, ok = s.vars[name]; ok {
			return value, true
		}
	}
	return "", false
}

var variable = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]*)(:-(.*))?$`)

// expand replaces ${NAME} and ${NAME:-default}, the default also where the
// variable is empty, and makes "$" of "$$". A single "$" that begins neither is
// left alone. why is "" unless the text cannot be expanded.
func (s *scope) expand(text string) (out, why, advice string) {
	var b strings.Builder
	for {
		at := strings.IndexByte(text, '$')
		if at < 0 || at+1 == len(text) {
			b.WriteString(text)
			return b.String(), "", ""
		}
		b.WriteString(text[:at])
		switch text = text[at:]; text[1] {
		case '$':
			b.WriteByte('$')
			text = text[2:]
			continue
		case '{':
		default:
			b.WriteByte('$')
			text = text[1:]
			continue
		}
		end := strings.IndexByte(text, '}')
		if end < 0 {
			return "", "${ without }", "write $$ for a dollar sign"
		}
		value, why, advice := s.value(text[2:end])
		if why != "" {
			return "", why, advice
		}
		b.WriteString(value)
		text = text[end+1:]
	}
}

// value is that of what stands between ${ and }.
func (s *scope) value(inside string) (value, why, advice string) {
	m := variable.FindStringSubmatch(inside)
	if m == nil {
		return "", "${" + inside + "} is not understood", "there are ${NAME} and ${NAME:-default}; write $$ for a dollar sign"
	}
	name, fallback := m[1], m[2] != ""
	value, ok := s.lookup(name)
	switch {
	case fallback && value == "":
		return m[3], "", ""
	case !ok:
		return "", "the variable " + name + " is not set", "give a default: ${" + name + ":-...}"
	}
	return value, "", ""
}
