package tree

import (
	"fmt"
	"reflect"
	"slices"
)

// bookkeeping are the fields that say nothing about the state of a tree: where a
// Past keeps it, and what is looked up faster by them.
var bookkeeping = map[string][]string{
	"Tree":    {"past", "of", "byID", "cmds", "near", "prepared"},
	"Node":    {"tree", "lo", "hi", "spans", "byID"},
	"Handler": {"lo", "hi", "kept"},
	"Command": {"lo", "hi", "kept"},
}

// Difference names the first thing in which two trees are not the same, private
// fields included; empty if they are.
func Difference(a, b *Tree) string {
	if d := differs(reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()); d != "" {
		return "Tree" + d
	}
	for i, n := range a.Nodes {
		m := b.Nodes[i]
		n.settleUp()
		m.settleUp()
		if a.Node(n.ID) != n || b.Node(m.ID) != m {
			return n.ID + " is not found by its id"
		}
		if d := differs(reflect.ValueOf(n).Elem(), reflect.ValueOf(m).Elem()); d != "" {
			return "Node " + n.ID + d
		}
		for j, h := range n.Handlers() {
			g := m.Handlers()[j]
			if d := differs(reflect.ValueOf(h).Elem(), reflect.ValueOf(g).Elem()); d != "" {
				return "Node " + n.ID + ", " + h.ID + d
			}
			if x, y := slices.Index(n.Handlers(), n.Handler(h.ID)), slices.Index(m.Handlers(), m.Handler(h.ID)); x != y {
				return fmt.Sprintf("Node %s: %s is found at %d and at %d", n.ID, h.ID, x, y)
			}
		}
	}
	for i, c := range a.Commands {
		if a.Command(c.Name) != c {
			return c.Name + " is not found by its name"
		}
		if d := differs(reflect.ValueOf(c).Elem(), reflect.ValueOf(b.Commands[i]).Elem()); d != "" {
			return "Command " + c.Name + d
		}
	}
	return ""
}

// identity is the place of a part of a tree that is pointed at.
func identity(v reflect.Value) (a, b int64, ok bool) {
	switch {
	case v.IsNil():
		return -1, -1, true
	case v.Type() == reflect.TypeFor[*Node](), v.Type() == reflect.TypeFor[*Command]():
		return v.Elem().FieldByName("Index").Int(), 0, true
	case v.Type() == reflect.TypeFor[*Handler]():
		return v.Elem().FieldByName("Node").Elem().FieldByName("Index").Int(), v.Elem().FieldByName("index").Int(), true
	}
	return 0, 0, false
}

// differs is where two values differ, from here on; empty if they do not.
func differs(a, b reflect.Value) string {
	switch a.Kind() {
	case reflect.Struct:
		skip := bookkeeping[a.Type().Name()]
		for i := range a.NumField() {
			name := a.Type().Field(i).Name
			if slices.Contains(skip, name) {
				continue
			}
			if d := differs(a.Field(i), b.Field(i)); d != "" {
				return "." + name + d
			}
		}
		return ""
	case reflect.Pointer:
		x, y, known := identity(a)
		if v, w, _ := identity(b); x != v || y != w {
			return fmt.Sprintf(": %d %d and %d %d", x, y, v, w)
		}
		if known {
			return ""
		}
		return differs(a.Elem(), b.Elem())
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() {
			return fmt.Sprintf(": %d and %d of them", a.Len(), b.Len())
		}
		for i := range a.Len() {
			if d := differs(a.Index(i), b.Index(i)); d != "" {
				return fmt.Sprintf("[%d]%s", i, d)
			}
		}
		return ""
	case reflect.Map:
		if a.Len() != b.Len() {
			return fmt.Sprintf(": %d and %d of them", a.Len(), b.Len())
		}
		for _, k := range a.MapKeys() {
			y := b.MapIndex(k)
			if !y.IsValid() {
				return fmt.Sprintf(": no %v", k)
			}
			if d := differs(a.MapIndex(k), y); d != "" {
				return fmt.Sprintf("[%v]%s", k, d)
			}
		}
		return ""
	}
	if !a.Equal(b) {
		return fmt.Sprintf(": %v and %v", a, b)
	}
	return ""
}

// References are the fields of a struct that point somewhere.
func References(of any) (names []string) {
	t := reflect.TypeOf(of)
	for i := range t.NumField() {
		if points(t.Field(i).Type) {
			names = append(names, t.Field(i).Name)
		}
	}
	return names
}

func points(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Slice, reflect.Map, reflect.Pointer, reflect.Func, reflect.Chan, reflect.Interface, reflect.UnsafePointer:
		return true
	case reflect.Array:
		return points(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if points(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}
