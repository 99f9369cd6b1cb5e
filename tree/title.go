package tree

import (
	"path"
	"strings"
)

// Title is what a process is called: of the root of a command that of the command; of an
// interpreter the script that it runs; of any other its name.
func (n *Node) Title() string {
	if n.Command != nil && n.Parent == nil {
		return n.Command.Name
	}
	if s := n.Script(); s != "" {
		return s
	}
	return n.Name
}

// Script is the name of the script that a process runs; see Script.
func (n *Node) Script() string {
	if n.Reports {
		return ""
	}
	return Script(n.Name, n.Argv)
}

// Script is the name of the script that a process of this name and these arguments runs,
// without its folder: "worker.py" of python3 /srv/worker.py, "app.jar" of java -jar. It is
// empty if the process is no interpreter, has a title of its own, or has options before the
// script, which nobody but itself can tell from their values.
func Script(name string, argv []string) string {
	if len(argv) < 2 || name == "" || !strings.HasSuffix(argv[0], name) {
		return ""
	}
	at := 1
	switch strings.TrimRight(name, "0123456789.") {
	case "python", "pypy", "node", "nodejs", "bun", "ruby", "perl", "php", "lua", "Rscript", "sh", "bash", "dash", "zsh", "ksh":
	case "java":
		for at < len(argv) && argv[at-1] != "-jar" {
			at++
		}
	default:
		return ""
	}
	if at == len(argv) || argv[at] == "" || argv[at][0] == '-' {
		return ""
	}
	return path.Base(argv[at])
}
