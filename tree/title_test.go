package tree_test

import (
	"strings"
	"testing"

	"multiexit/tree"
)

// What an interpreter runs is what people call the process, on the screen and in what
// they type.
func TestScript(t *testing.T) {
	for argv, want := range map[string]string{
		"python3 /srv/worker.py --fast":    "worker.py",
		"/usr/bin/python3.11 worker.py":    "worker.py",
		"node /app/node_modules/.bin/next": "next",
		"/bin/bash ./run.sh a b":           "run.sh",
		"-bash run.sh":                     "run.sh",
		"java -Xmx1g -jar /opt/app.jar x":  "app.jar",
		"ruby3.1 bin/puma":                 "puma",

		"python3 -m http.server": "", // what follows an option is its value, or not
		"python3 -u worker.py":   "",
		"sh -c x":                "",
		"bash":                   "",
		"java -cp a com.Main":    "",
		"java -jar":              "",
		"nginx worker":           "",
		"pythonic x.py":          "",
	} {
		args := strings.Fields(argv)
		name := strings.TrimPrefix(args[0][strings.LastIndexByte(args[0], '/')+1:], "-")
		if got := tree.Script(name, args); got != want {
			t.Errorf("%s: %q, want %q", argv, got, want)
		}
	}
	if got := tree.Script("queue: idle", []string{"queue: idle", "x.py"}); got != "" {
		t.Errorf("a title of its own: %q", got)
	}
	s := newStory().spawn("0", "sh")
	s.see(tree.Event{Kind: "spawn", Node: "0.0", PID: 4100, Name: "python3", Argv: []string{"python3", "/srv/worker.py"}})
	tr := tree.Fold(s.events)
	if _, err := tr.Select("worker.pi"); err == nil || !strings.Contains(err.Error(), `did you mean "worker.py"?`) {
		t.Errorf("%v", err)
	}
	for _, pattern := range []string{"worker.py", "python3", "*.py"} {
		if got, err := tr.Select(pattern); err != nil || len(got) != 1 || got[0].Title() != "worker.py" {
			t.Errorf("%s: %v, %v", pattern, got, err)
		}
	}
}
