package spec

import (
	"strings"
	"unicode/utf8"
)

// tame makes spaces of the tabs between the parts of a line, where YAML allows
// them and the parser stumbles, and refuses one inside double quotes, after which
// the parser would skip a character. Those that begin a line are left to the
// parser, and those inside a text, which are part of it.
func (r *reader) tame(src string) string {
	if !strings.Contains(src, "\t") {
		return src
	}
	lines := strings.Split(src, "\n")
	for i, line := range lines {
		lines[i] = r.tameLine(line, i+1)
	}
	return strings.Join(lines, "\n")
}

func (r *reader) tameLine(line string, number int) string {
	out := []byte(line)
	for i := range out {
		if out[i] != '\t' {
			continue
		}
		before, after := strings.TrimRight(line[:i], " \t"), strings.TrimLeft(line[i:], " \t")
		switch {
		case before == "" || before[0] == '#':
		case after == "" || after[0] == '#':
			out[i] = ' '
		case strings.Count(before, `"`)%2 == 1:
			r.add(Error{Line: number, Column: 1 + utf8.RuneCountInString(line[:i]), Text: strings.TrimSpace(line),
				Why: "a tab inside double quotes", Advice: `write \t`})
			out[i] = ' '
		case !strings.ContainsAny(before, `"'`) && strings.IndexByte(":,-?[{", before[len(before)-1]) >= 0:
			out[i] = ' '
		}
	}
	return string(out)
}
