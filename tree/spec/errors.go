package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Error is one thing that is wrong with a file, in one line:
//
//	multiexit.yaml:12:5: depnds_on: unknown key (did you mean depends_on?)
type Error struct {
	Path   string // "": not about a file
	Line   int    // from 1; 0: about the file as a whole
	Column int    // in characters, from 1; 0: about the line as a whole
	Text   string // what stands there; may be ""
	Why    string
	Advice string // what to do, or what was meant; may be ""

	cause    error // of the operating system
	from     int   // where the file read names another one that is at fault: its line and column
	fromChar int
}

func (e Error) Error() string {
	var parts []string
	if e.Path != "" {
		parts = append(parts, tamed(e.Path, 4096))
	}
	if e.Line > 0 {
		parts[0] += fmt.Sprintf(":%d", e.Line)
		if e.Column > 0 {
			parts[0] += fmt.Sprintf(":%d", e.Column)
		}
	}
	if e.Text != "" {
		parts = append(parts, shown(e.Text))
	}
	line := strings.Join(append(parts, tamed(e.Why, 200)), ": ")
	if e.Advice != "" {
		line += " (" + tamed(e.Advice, 400) + ")"
	}
	return line
}

// Unwrap gives the error of the operating system, if there was one.
func (e Error) Unwrap() error { return e.cause }

// Errors are all that is wrong with a file, in the order of the lines. It is
// never empty.
type Errors []Error

// Error is the first one's line, and how many there are besides.
func (e Errors) Error() string {
	if len(e) == 1 {
		return e[0].Error()
	}
	return fmt.Sprintf("%s (and %d more: multiexit validate shows all)", e[0], len(e)-1)
}

// Unwrap gives the single errors to errors.Is and errors.As.
func (e Errors) Unwrap() []error {
	all := make([]error, len(e))
	for i := range e {
		all[i] = e[i]
	}
	return all
}

// maxErrors is how many errors are told at once. Nobody reads more, and most of
// what follows a bad line follows from it.
const maxErrors = 20

// ordered sorts errors by the place in the file that was asked for, and leaves
// each out that says the same as another.
func ordered(all []Error) Errors {
	slices.SortStableFunc(all, func(a, b Error) int {
		return cmp.Or(
			cmp.Compare(cmp.Or(a.from, a.Line), cmp.Or(b.from, b.Line)),
			cmp.Compare(cmp.Or(a.fromChar, a.Column), cmp.Or(b.fromChar, b.Column)))
	})
	told := map[string]bool{}
	all = slices.DeleteFunc(all, func(e Error) bool {
		line := e.Error()
		again := told[line]
		told[line] = true
		return again
	})
	return all[:min(len(all), maxErrors)]
}

// shown is a text of a file as it can stand in an error: enough of it to find it.
func shown(s string) string { return tamed(s, 60) }

// tamed is s in one line, of so many characters at most, and without anything that
// moves a cursor.
func tamed(s string, most int) string {
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most-1]) + "…"
	}
	var b strings.Builder
	for _, r := range s {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}
