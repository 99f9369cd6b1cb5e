package spec

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// process is a line of a Procfile, as foreman reads it.
var process = regexp.MustCompile(`^([A-Za-z0-9_-]+):\s*(.+)$`)

// key is a line that can only be of a multiexit.yaml.
var yamlKey = regexp.MustCompile(`(?m)^(commands|groups|version)\s*:|^\s*\{|^---`)

// isProcfile tells the two kinds of files apart.
func isProcfile(path, src string) bool {
	name := strings.ToLower(filepath.Base(path))
	switch filepath.Ext(name) {
	case ".yaml", ".yml", ".json":
		return false
	case ".procfile":
		return true
	}
	return strings.HasPrefix(name, "procfile") || !yamlKey.MatchString(src)
}

// procfile reads NAME: COMMAND LINE, and the .env beside the file.
func (r *reader) procfile(src string) {
	shared, base := r.dotenv()
	for i, line := range strings.Split(src, "\n") {
		trimmed := strings.TrimSpace(line)
		if trimmed == "" || trimmed[0] == '#' {
			continue
		}
		m := process.FindStringSubmatch(line)
		if m == nil || strings.TrimSpace(m[2]) == "" {
			r.notProcess(i+1, line)
			continue
		}
		name, command := m[1], strings.TrimSpace(m[2])
		if first, ok := r.made[name]; ok {
			r.add(Error{Line: i + 1, Column: 1, Text: name, Why: "given twice", Advice: fmt.Sprintf("the first is in line %d", r.file.Commands[first].Line)})
			continue
		}
		port := base + 100*len(r.file.Commands)
		if port > 65535 && base <= 65535 {
			r.add(Error{Line: i + 1, Column: 1, Text: name, Why: fmt.Sprintf("its PORT would be %d", port), Advice: fmt.Sprintf("PORT begins at %d: lower it", base)})
			base = 1 << 20 // told once
		}
		c := Command{Name: name, Argv: shell(command), Line: i + 1, Restart: Restart{Policy: Never}}
		if r.dir != "." {
			c.Dir = r.dir
		}
		c.Env = append(shared[:len(shared):len(shared)], "PORT="+strconv.Itoa(port))
		r.made[name] = len(r.file.Commands)
		r.file.Commands = append(r.file.Commands, c)
	}
	if len(r.file.Commands) == 0 && len(r.errs) == 0 {
		r.add(Error{Why: "no commands", Advice: "a line such as web: ./server is one"})
	}
}

// notProcess says what is missing in a line that is none of a Procfile.
func (r *reader) notProcess(n int, line string) {
	e := Error{Line: n, Column: 1, Text: strings.TrimSpace(line), Why: "no colon", Advice: "write NAME: COMMAND"}
	name, rest, colon := strings.Cut(line, ":")
	bad := strings.IndexFunc(name, func(c rune) bool { return !process.MatchString(string(c) + ":x") })
	switch {
	case !colon:
		e.Column += len(line) - len(strings.TrimLeft(line, " \t"))
	case name == "":
		e.Why = "no name before the colon"
	case bad == 0 && strings.TrimLeft(name, " \t") != name:
		e.Why, e.Advice = "a space before the name", "begin the line with NAME: COMMAND"
	case bad >= 0:
		e.Column += utf8.RuneCountInString(name[:bad])
		e.Text, e.Why, e.Advice = name, "not a name", "letters, digits, _ and - make one"
	case strings.TrimSpace(rest) == "":
		e.Column += utf8.RuneCountInString(name) + 1
		e.Text, e.Why = name, "no command after the colon"
	}
	r.add(e)
}

// firstPort is the PORT of the first command of a Procfile, unless the
// environment says another; the others follow in steps of 100, as foreman has it.
const firstPort = 5000

// dotenv reads the .env beside a Procfile, if there is one, and the first PORT.
func (r *reader) dotenv() (env []string, port int) {
	scope := r.env.inner()
	path := filepath.Join(r.dir, ".env")
	if _, err := os.Stat(path); err == nil {
		env = r.envFile(scope, path, nil)
	}
	value, ok := scope.lookup("PORT")
	if !ok || value == "" {
		return env, firstPort
	}
	port, err := strconv.Atoi(value)
	if err != nil || port < 1 || port > 65535 {
		e := Error{Text: "PORT=" + value, Why: "not a port", Advice: "a number from 1 to 65535, in the environment or in .env"}
		r.add(e)
		return env, firstPort
	}
	return env, port
}
