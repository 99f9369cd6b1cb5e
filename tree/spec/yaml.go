package spec

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The parser's time grows with the square of how deep values stand in one another,
// and of how many keys a mapping has.
const (
	maxDepth = 50
	maxKeys  = 10000
)

// parseYAML reads one YAML document; nil if it is empty. What is wrong with it is
// added to the reader's errors.
func (r *reader) parseYAML(src string) *node {
	if json.Valid([]byte(src)) {
		src = strings.ReplaceAll(src, "\t", " ") // where they are only space; the parser does not count them
	}
	src = r.tame(src)
	tokens := lexer.Tokenize(src)
	if tk, why := excess(tokens); tk != nil {
		r.add(Error{Line: tk.Position.Line, Column: tk.Position.Column, Text: tk.Value, Why: why})
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err, tokens)
		return nil
	}
	var body ast.Node
	for _, doc := range file.Docs {
		if _, directive := doc.Body.(*ast.DirectiveNode); directive || doc.Body == nil {
			continue
		}
		if body != nil {
			r.add(Error{Line: doc.Start.Position.Line, Column: 1, Text: "---", Why: "a second document", Advice: "one file is one document"})
			return nil
		}
		body = doc.Body
	}
	if body == nil {
		return nil
	}
	c := converter{reader: r, anchors: map[string]*node{}}
	return c.node(body)
}

// excess is the token at which brackets, or dashes in a line, stand too deep in
// one another, or keys are too many; nil if there is none.
func excess(tokens token.Tokens) (at *token.Token, why string) {
	brackets, dashes, keys, line := 0, 0, 0, 0
	for _, tk := range tokens {
		if tk.Position.Line != line {
			dashes, line = 0, tk.Position.Line
		}
		switch tk.Type {
		case token.MappingStartType, token.SequenceStartType:
			brackets++
		case token.MappingEndType, token.SequenceEndType:
			brackets--
		case token.SequenceEntryType:
			dashes++
		case token.MappingValueType:
			keys++
		}
		if brackets > maxDepth || dashes > maxDepth {
			return tk, fmt.Sprintf("nested more than %d deep", maxDepth)
		}
		if keys > maxKeys {
			return tk, fmt.Sprintf("more than %d keys", maxKeys)
		}
	}
	return nil, ""
}
