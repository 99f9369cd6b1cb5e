package supervise

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"multiexit/tree"
	"multiexit/tree/spec"
)

// add starts a command that is in no file. args are a name, which may be missing
// or be given as target, and a line for the shell.
func (s *Supervisor) add(name string, args []string) error {
	if name == "" && len(args) > 1 {
		name, args = args[0], args[1:]
	}
	line := strings.TrimSpace(strings.Join(args, " "))
	if line == "" {
		return errors.New("which command? (a name if you like, then a command line)")
	}
	if name == "" {
		name = s.free(program(line))
	} else if err := s.nameable(name); err != nil {
		return err
	}
	return s.enter(spec.Command{Name: name, Argv: []string{"/bin/sh", "-c", line}})
}

// duplicate starts a second process the way a command is started.
func (s *Supervisor) duplicate(c *command) error {
	if name := s.missing(c); name != "" {
		return fmt.Errorf("%s depends on %s, which was removed", c.name, name)
	}
	again := c.spec
	again.Name = s.free(c.name)
	return s.enter(again)
}

// enter takes a new command in and starts it, and what it depends on first.
func (s *Supervisor) enter(one spec.Command) error {
	c := s.adopt(one, true)
	s.set(c, tree.CommandWaiting, s.waits(c))
	s.require(c)
	s.settle()
	return c.failure
}

// discard forgets the commands that were removed: one may add and remove all day.
// One whom others depend on stays, for the order in which they end.
func (s *Supervisor) discard() {
	needed := map[string]bool{}
	for _, c := range s.cmds {
		for _, d := range c.spec.After {
			needed[d.Name] = needed[d.Name] || c.state != tree.CommandRemoved
		}
	}
	gone := func(c *command) bool {
		return c.state == tree.CommandRemoved && c.run == nil && c != s.first && !needed[c.name]
	}
	s.cmds = slices.DeleteFunc(slices.Clone(s.cmds), gone)
	maps.DeleteFunc(s.owner, func(_ string, c *command) bool { return gone(c) })
	s.below = map[*command]map[*command]bool{}
}

// nameable says why a new command cannot have a name.
func (s *Supervisor) nameable(name string) error {
	bad := func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }
	switch {
	case s.byName[name] != nil:
		return fmt.Errorf("there is a command %s already", name)
	case name == "all":
		return errors.New(`"all" stands for all commands (choose another name)`)
	case isNode(name):
		return fmt.Errorf("%q stands for a process (choose another name)", name)
	case strings.ContainsFunc(name, bad), strings.ContainsAny(name, "*?"):
		return fmt.Errorf("%q is no name for a command (neither spaces nor * and ?)", name)
	}
	return nil
}

// free is a name like the one given that no command has: "api", "api-2", "api-3".
func (s *Supervisor) free(name string) string {
	if s.nameable(name) == nil {
		return name
	}
	for n := 2; ; n++ {
		if other := name + "-" + strconv.Itoa(n); s.byName[other] == nil {
			return other
		}
	}
}

// program is the name of the program in a command line, as good as it can be
// told without a shell.
func program(line string) string {
	for word := range strings.FieldsSeq(line) {
		word = strings.Trim(word, `"'();&|*?`)
		if word != "" && word != "exec" && !strings.Contains(word, "=") {
			return path.Base(word)
		}
	}
	return "command"
}
