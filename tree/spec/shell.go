package spec

import (
	"path/filepath"
	"regexp"
	"strings"
)

// shell is the argument list that runs a command line. Where the line is one
// simple command, the shell is told to become it, so that a signal reaches the
// program and not a shell that waits for it.
func shell(line string) []string {
	if simple(line) {
		line = "exec " + line
	}
	return []string{"/bin/sh", "-c", line}
}

// Single is the file of one command given on the command line, named after its
// program.
func Single(argv []string) *File {
	name := "command"
	if len(argv) > 0 {
		name = filepath.Base(argv[0])
	}
	return &File{Commands: []Command{{Name: name, Argv: argv, Restart: Restart{Policy: Never}}}}
}

// simple reports whether a line of sh is one command of which it is sure that
// "exec" before it changes nothing but the process that runs it. In doubt it is
// not: then a shell stays in between, as it would without multiexit.
func simple(line string) bool {
	return plainWord(firstWord(line)) && !compound(line)
}

func firstWord(line string) string {
	line = strings.TrimLeft(line, " \t")
	if end := strings.IndexAny(line, " \t\n"); end >= 0 {
		return line[:end]
	}
	return line
}

// compound reports whether a line holds more than one command, or one that needs
// the shell afterwards: an operator or a substitution outside of quotes, or a
// quote that is never closed.
func compound(line string) bool {
	var quote byte
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quote == '\'':
			if c == quote {
				quote = 0
			}
		case c == '\\':
			i++
		case c == '`' || c == '$' && i+1 < len(line) && line[i+1] == '(':
			return true
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '>' && i+1 < len(line) && line[i+1] == '&': // 2>&1
			i++
		case strings.IndexByte(";&|()\n\r", c) >= 0:
			return true
		case c == '<' && i+1 < len(line) && line[i+1] == '<':
			return true
		}
	}
	return quote != 0
}

var program = regexp.MustCompile(`^[A-Za-z0-9_.+-]+$`)

// plainWord reports whether the first word of a line is the name of a program:
// a path, or a name that is nothing else to a shell.
func plainWord(word string) bool {
	if strings.HasPrefix(word, "#") || strings.ContainsAny(word, "=<>{") {
		return false
	}
	if strings.Contains(word, "/") {
		return true
	}
	return program.MatchString(word) && !shellWords[word]
}

// shellWords mean something to sh or to bash: exec would look for a program of
// that name. Those that are programs too, such as test and echo, lose nothing by
// being run by a shell.
var shellWords = words(`
	if then elif else fi case esac for select while until do done in function time coproc
	. : [ alias bg bind break builtin caller cd command compgen complete continue declare dirs
	disown echo enable eval exec exit export false fc fg getopts hash help history jobs kill
	let local logout mapfile popd printf pushd pwd read readarray readonly return set shift
	shopt source suspend test times trap true type typeset ulimit umask unalias unset wait`)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(list) {
		set[word] = true
	}
	return set
}
