package supervise

import (
	"fmt"
	"regexp"
	"strings"

	"multiexit/tree/live"
)

// longestTarget is the most that a target can have. A pattern is worked on while
// everything else waits.
const longestTarget = 1 << 10

// resolve finds the commands that a target names, in order; below is the node
// that it names if it is one below a root.
func (s *Supervisor) resolve(target string) (found []*command, below string, err error) {
	if c := s.byName[target]; c != nil {
		return []*command{c}, "", nil
	}
	if isNode(target) {
		c := s.owner[root(target)]
		if c == nil || s.byName[c.name] != c {
			return nil, "", fmt.Errorf("no command has node %s", target)
		}
		if isRoot(target) {
			return []*command{c}, "", nil
		}
		return []*command{c}, target, nil
	}
	if len(target) > longestTarget {
		return nil, "", fmt.Errorf("no such command: a name of %d bytes", len(target))
	}
	group := strings.TrimSuffix(target, "/") + "/"
	match := glob(target)
	for _, c := range s.cmds {
		if s.byName[c.name] != c {
			continue
		}
		if target == "" || target == "all" || strings.HasPrefix(c.name, group) || match.MatchString(c.name) {
			found = append(found, c)
		}
	}
	if found == nil {
		return nil, "", fmt.Errorf("no such command: %s%s", target, suggest(target, s.names()))
	}
	return found, "", nil
}

// names are those of the commands, and of the groups that they are in.
func (s *Supervisor) names() (names []string) {
	known := map[string]bool{}
	for _, c := range s.cmds {
		if s.byName[c.name] != c {
			continue
		}
		names = append(names, c.name)
		for i, r := range c.name {
			if group := c.name[:i]; r == '/' && !known[group] {
				known[group] = true
				names = append(names, group)
			}
		}
	}
	return names
}

// isNode says that a word has the form of a path such as 0.1.2.
func isNode(word string) bool {
	for part := range strings.SplitSeq(word, ".") {
		if part == "" || strings.Trim(part, "0123456789") != "" {
			return false
		}
	}
	return true
}

// stopBelow ends a node and what descends from it.
func (s *Supervisor) stopBelow(node string, kill bool) error {
	if _, err := s.eng.Usage(node); err != nil {
		return err
	}
	s.eng.StopNode(node, live.StopOptions{Kill: kill})
	return nil
}

// glob is a pattern in which * is any text and ? any character; a slash is
// nothing special, for names have some.
func glob(pattern string) *regexp.Regexp {
	pattern = strings.ToValidUTF8(pattern, "\uFFFD") // else it is no pattern
	quoted := strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile(`(?s)\A` + quoted + `\z`)
}
