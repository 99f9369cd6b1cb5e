package main

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/remote"
	"multiexit/tree/spec"
)

// logs prints lines of output: those there are, or all until the end.
func (c *ctlFlags) logs(names []string) error {
	catchPipe()
	leaveWithReader()
	return c.with(func(s *remote.Client) error {
		t, out := new(tree.Tree), &printed{}
		show := func(e *tree.Event) error {
			t.Apply(e)
			lines := out.rest(e)
			if e.Kind == exitreg.KindOut {
				lines = out.lines(e)
			}
			if len(lines) == 0 || !wanted(t, e, names) {
				return nil
			}
			_, err := fmt.Println(logLines(t, e, lines, len(names) != 1))
			return err
		}
		each := eachUntilNow
		if c.follow {
			each = eachEvent
		}
		if err := each(s, show); errors.Is(err, syscall.EPIPE) {
			return exit(sinkStatus(err))
		} else if err != nil {
			return err
		}
		return unknownName(t, names)
	})
}

// eachEvent takes the events of a session, from the first one to its end.
func eachEvent(s *remote.Client, take func(*tree.Event) error) error {
	for batch := range s.Events() {
		for i := range batch {
			if err := take(&batch[i]); err != nil {
				return err
			}
		}
	}
	return s.Err()
}

// eachUntilNow takes those that there are already.
func eachUntilNow(s *remote.Client, take func(*tree.Event) error) error {
	now := s.Seq()
	if now == 0 {
		return nil
	}
	err := eachEvent(s, func(e *tree.Event) error {
		if err := take(e); err != nil {
			return err
		}
		if e.Seq >= now {
			return errNow
		}
		return nil
	})
	if err == errNow {
		return nil
	}
	return err
}

var errNow = errors.New("these are all until now")

// wanted says whether a line is of one of the commands.
func wanted(t *tree.Tree, e *tree.Event, names []string) bool {
	if len(names) == 0 {
		return true
	}
	n := t.Node(e.Node)
	for _, name := range names {
		if e.Node == name || n != nil && (n.Name == name || n.Command != nil && (n.Command.Name == name || strings.HasPrefix(n.Command.Name, name+"/"))) {
			return true
		}
	}
	return false
}

// logLines are lines with the name of their command, if there are several.
func logLines(t *tree.Tree, e *tree.Event, lines []string, several bool) string {
	n := t.Node(e.Node)
	if !several || n == nil {
		return strings.Join(lines, "\n")
	}
	name := tree.Clean(n.Title()) + " | "
	return name + strings.Join(lines, "\n"+name)
}

// unknownName is the error of a name that no command has.
func unknownName(t *tree.Tree, names []string) error {
	var all []string
	for _, c := range t.Commands {
		all = append(all, c.Name)
	}
	for _, name := range names {
		if t.Node(name) == nil && t.Command(name) == nil && len(t.Group(name)) == 0 {
			return usage("ctl logs "+name, "no such command", spec.DidYouMean(name, all))
		}
	}
	return nil
}
