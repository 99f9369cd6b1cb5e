package spec

import (
	"errors"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/token"
)

const outOfLine = "not indented as the lines above"

// misread are the parser's messages that people meet, and what they mean.
var misread = []struct{ message, why, advice string }{
	{"found character '\t'", "a tab at the beginning of a line", "YAML is indented with spaces"},
	{"found a tab character", "a tab at the beginning of a line", "YAML is indented with spaces"},
	{"could not find end character of double-quoted", "a quote that is not closed", `a " is missing`},
	{"could not find end character of single-quoted", "a quote that is not closed", `a ' is missing`},
	{"',' or ']' must be", "not closed, or without a comma", "a ] or a comma is missing"},
	{"',' or '}' must be", "not closed, or without a comma", "a } or a comma is missing"},
	{"sequence end token ']'", "not closed", "a ] is missing"},
	{"mapping end token '}'", "not closed", "a } is missing"},
	{"mapping value is not allowed", "a second colon", "put quotes around the value, or indent the next line as this one"},
	{"value is not allowed in this context", outOfLine, "keys of one mapping begin in the same column"},
	{"non-map value is specified", "a key without a colon", "write KEY: VALUE"},
	{"unexpected key name", "a key without a colon", "write KEY: VALUE"},
	{"map key definition includes an implicit line break", "a key without a colon", "write KEY: VALUE"},
	{"is a reserved character", "a value cannot begin so", "put quotes around it"},
	{"unexpected directive value", "a value cannot begin so", "put quotes around it"},
	{"found unknown escape character", "an escape that YAML does not have", `write \\ for a backslash, or use single quotes`},
	{"undefined alias name", "an alias without a name", "put quotes around a value that begins with *"},
	{"found an invalid key", "a key is missing, or is no word", "write KEY: VALUE"},
	{"invalid header option", "a value cannot begin so", "a | or > for several lines stands alone; else put quotes around it"},
	{"block sequence entries are not allowed", "a list in the line of its key", "begin it in the next line, or write [A, B]"},
}

// syntax adds what the parser could not read.
func (r *reader) syntax(err error, tokens token.Tokens) {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		r.add(Error{Why: strings.TrimSpace(err.Error()), Advice: "not YAML"})
		return
	}
	tk := e.GetToken()
	wrong := Error{Line: tk.Position.Line, Column: max(tk.Position.Column, 1), Why: e.GetMessage(), Advice: "not YAML"}
	wrong.Text, _, _ = strings.Cut(strings.TrimSpace(tk.Value), "\n")
	for _, m := range misread {
		if strings.Contains(wrong.Why, m.message) {
			wrong.Why, wrong.Advice = m.why, m.advice
			break
		}
	}
	if wrong.Why == outOfLine && tk.Prev != nil && tk.Prev.Position.Line == tk.Position.Line {
		wrong.Why, wrong.Advice = "more after the end of a value", "put quotes around the whole; between single quotes, a ' is written ''"
	}
	if open := bracket(tokens, tk); open != nil && strings.HasPrefix(e.GetMessage(), "','") {
		wrong.Line, wrong.Column, wrong.Text = open.Position.Line, open.Position.Column, open.Value
	}
	r.add(wrong)
}

// bracket is the last one that is open where a token stands; nil if none is.
func bracket(tokens token.Tokens, at *token.Token) *token.Token {
	var open []*token.Token
	for _, tk := range tokens {
		if tk.Position.Line > at.Position.Line || tk.Position.Line == at.Position.Line && tk.Position.Column >= at.Position.Column {
			break
		}
		switch tk.Type {
		case token.MappingStartType, token.SequenceStartType:
			open = append(open, tk)
		case token.MappingEndType, token.SequenceEndType:
			open = open[:max(len(open)-1, 0)]
		}
	}
	if len(open) == 0 {
		return nil
	}
	return open[len(open)-1]
}
