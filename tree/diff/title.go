package diff

import "strings"

// What siblings are matched by: first their whole names, then what they are by their
// titles. A title changes with what its process does, and in the midst of what it is
// read is chance: "postgres: checkpointer" is "postgres: checkpointer performing
// shutdown checkpoint" for a moment.

func whole(name string) string { return name }

// role is the program and the first word of a title: "nginx: worker". A name that is no
// title stays as it is.
func role(name string) string {
	of, title, ok := strings.Cut(name, ": ")
	if words := strings.Fields(title); ok && len(words) > 0 {
		return of + ": " + words[0]
	}
	return name
}
