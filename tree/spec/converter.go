package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// converter makes nodes of the parser's. Anchors hold from where they stand on.
type converter struct {
	*reader
	anchors map[string]*node
}

func (c *converter) node(from ast.Node) *node {
	switch n := from.(type) {
	case *ast.AnchorNode:
		v := c.node(n.Value)
		c.anchors[n.Name.GetToken().Value] = v
		return v
	case *ast.AliasNode:
		return c.alias(n)
	case *ast.TagNode:
		return c.tagged(n)
	case *ast.MappingKeyNode:
		return c.node(n.Value)
	case *ast.MappingNode:
		return c.mapping(n, n.Values)
	case *ast.MappingValueNode:
		return c.mapping(n, []*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		v := at(n, list)
		for _, item := range n.Values {
			v.items = append(v.items, c.node(item))
		}
		return v
	case *ast.LiteralNode:
		v := at(n, text)
		v.text = n.Value.Value
		return v
	}
	return c.scalar(from)
}

func at(n ast.Node, k kind) *node {
	v := &node{kind: k}
	if tk := n.GetToken(); tk != nil {
		v.line, v.col = tk.Position.Line, tk.Position.Column
	}
	return v
}

func (c *converter) scalar(from ast.Node) *node {
	v := at(from, number)
	if tk := from.GetToken(); tk != nil {
		v.text = tk.Value
	}
	switch n := from.(type) {
	case *ast.StringNode:
		v.kind, v.text = text, c.unquoted(n)
	case *ast.BoolNode:
		v.kind = boolean
	case *ast.NullNode:
		v.kind = null
	}
	return v
}

// unquoted is the value of a string. The parser drops the tabs of one without
// quotes, which would make another command of it.
func (c *converter) unquoted(n *ast.StringNode) string {
	origin := strings.TrimSpace(n.Token.Origin)
	if n.Token.Type != token.StringType || !strings.Contains(origin, "\t") {
		return n.Value
	}
	if !strings.Contains(origin, "\n") && strings.ReplaceAll(origin, "\t", "") == strings.ReplaceAll(n.Value, "\t", "") {
		return origin
	}
	at := n.Token
	if at.Prev != nil {
		at = at.Prev // the parser does not know where one of several lines with tabs begins
	}
	c.add(Error{Line: at.Position.Line, Column: at.Position.Column, Text: n.Value,
		Why: "a tab in a value without quotes", Advice: "put quotes around it"})
	return n.Value
}

func (c *converter) alias(n *ast.AliasNode) *node {
	name := n.Value.GetToken()
	if v := c.anchors[name.Value]; v != nil {
		copied := *v
		return &copied
	}
	var known []string
	for a := range c.anchors {
		known = append(known, a)
	}
	slices.Sort(known)
	advice := "&" + name.Value + " before a value makes one"
	if !goodName.MatchString(name.Value) || strings.Contains(name.Value, ".") {
		advice = "put quotes around it, if it is meant as it is"
	} else if a := Near(name.Value, known); a != "" {
		advice = "did you mean *" + a + "?"
	}
	v := at(n, null)
	v.broken = true
	c.add(Error{Line: v.line, Column: v.col, Text: "*" + name.Value, Why: "no anchor of that name stands above", Advice: advice})
	return v
}

// tagged is a value with a type of its own. "!!str" makes a text of it; the other
// types of YAML say what the value says itself.
func (c *converter) tagged(n *ast.TagNode) *node {
	v := c.node(n.Value)
	switch tag := n.Start.Value; {
	case tag == "!!str" || tag == "!":
		if v.scalar() {
			v.kind = text
		}
	case strings.HasPrefix(tag, "!!"):
	default:
		c.add(Error{Line: n.Start.Position.Line, Column: n.Start.Position.Column, Text: tag, Why: "tags mean nothing here", Advice: "take it out"})
	}
	return v
}

func (c *converter) mapping(n ast.Node, values []*ast.MappingValueNode) *node {
	m := at(n, mapping)
	var merged []*node
	for i, value := range values {
		key := c.key(value.Key)
		if i == 0 && !isFlow(n) {
			m.line, m.col = key.line, key.col // the parser says where the colon is
		}
		v := c.value(key, value.Value)
		if value.Key.IsMergeKey() {
			merged = append(merged, v)
			continue
		}
		if first := m.keyNode(key.text); first != nil {
			c.add(Error{Line: key.line, Column: key.col, Text: key.text, Why: "given twice", Advice: fmt.Sprintf("the first is in line %d", first.line)})
			continue
		}
		m.entries = append(m.entries, entry{key, v})
	}
	for _, v := range merged {
		c.merge(m, v)
	}
	return m
}

func isFlow(n ast.Node) bool {
	m, ok := n.(*ast.MappingNode)
	return ok && m.IsFlowStyle
}

func (n *node) keyNode(key string) *node {
	for _, e := range n.entries {
		if e.key.text == key {
			return e.key
		}
	}
	return nil
}

func (c *converter) key(n ast.MapKeyNode) *node {
	key := c.node(n)
	if !key.scalar() {
		c.add(Error{Line: key.line, Column: key.col, Text: key.text, Why: "not a key", Advice: "a key is a word"})
	}
	return key
}

func (c *converter) value(key *node, from ast.Node) *node {
	v := c.node(from)
	v.key = key.text
	if v.kind == null && !v.broken { // which has no place of its own
		v.line, v.col = key.line, key.col
	}
	return v
}

// merge adds the entries of one mapping, or of a list of them, that m has not.
func (c *converter) merge(m, from *node) {
	switch from.kind {
	case list:
		for _, item := range from.items {
			c.merge(m, item)
		}
	case mapping:
		for _, e := range from.entries {
			if m.keyNode(e.key.text) == nil {
				m.entries = append(m.entries, e)
			}
		}
	case null: // an alias that is wrong and was told
	default:
		c.refuse(from, "only a mapping can be merged", "<<: *NAME, where &NAME stands before a mapping")
	}
}
