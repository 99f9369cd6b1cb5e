package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/tape"
)

// server is a program that nobody here wrote.
type server struct {
	needs []string
	yaml  string            // the command
	files map[string]string //
	// What must have happened when it was stopped, beside that nothing is left.
	signal string // the first signal that the command's own process was sent
	ends   func(root *tree.Node) bool
	says   []string // in its output
	least  int      // processes
}

func code(want int) func(*tree.Node) bool {
	return func(n *tree.Node) bool { return n.EndSig == "" && n.Code == want }
}

var servers = map[string]server{
	"nginx": {
		needs: []string{"nginx"}, least: 3, signal: "SIGQUIT", ends: code(0),
		files: map[string]string{"nginx.conf": "daemon off; pid nginx.pid; error_log stderr notice; worker_processes 2; events {}\n"},
		yaml:  "command: [nginx, -p, ., -e, stderr, -c, nginx.conf]\n    ready: {log: 'start worker process \\d+'}\n    stop: {signal: QUIT}",
		says:  []string{"gracefully shutting down"},
	},
	"redis": {
		needs: []string{"redis-server"}, least: 1, signal: "SIGTERM", ends: code(0),
		yaml: "command: redis-server --port 0 --unixsocket r.sock --save '' --appendonly no\n    ready: {log: ready to accept connections}",
		says: []string{"bye bye"},
	},
	"gunicorn": {
		needs: []string{"gunicorn"}, least: 4, signal: "SIGTERM", ends: code(0),
		files: map[string]string{"app.py": "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'ok']\n"},
		yaml:  "command: gunicorn -w 3 -b unix:g.sock app:app\n    ready: {file: g.sock}",
		says:  []string{"Worker exiting"},
	},
	"npm": {
		needs: []string{"npm", "node"}, least: 2, signal: "SIGTERM", ends: func(n *tree.Node) bool { return !n.Alive() },
		files: map[string]string{
			"package.json": `{"name":"x","version":"1.0.0","scripts":{"start":"sh -c 'node server.js'"}}`,
			"server.js":    "require('http').createServer(()=>{}).listen('n.sock',()=>console.log('listening'));",
		},
		yaml: "command: npm run start\n    ready: {log: listening}",
	},
	"tini": {
		needs: []string{"tini"}, least: 2, signal: "SIGTERM", ends: code(128 + 15),
		yaml: "command: [tini, -s, --, sh, -c, 'echo up; exec sleep 1000']\n    ready: {log: up}",
	},
	"bash": {
		needs: []string{"bash"}, least: 3, signal: "SIGHUP", ends: func(n *tree.Node) bool { return !n.Alive() },
		yaml: "command: [bash, -c, 'set -m; sleep 1000 & sleep 1001 & echo up; wait']\n    ready: {log: up}\n    stop: {signal: HUP, grace: 2s}",
	},
	"postgres": {
		needs: []string{"setpriv", postgres}, least: 5, signal: "SIGINT", ends: code(0),
		yaml: "command: setpriv --reuid=postgres --regid=postgres --clear-groups sh -c '" + postgres + "/initdb -D $PGD >/dev/null && exec " + postgres +
			"/postgres -D $PGD -c listen_addresses= -k $PGD'\n    ready: {log: ready to accept connections}\n    stop: {signal: INT}",
		says: []string{"database system is shut down"},
	},
}

const postgres = "/usr/lib/postgresql/15/bin"

// TestServers: programs of the world come up, are seen, and are stopped in their
// own way, as the file says. Those that are not installed are left out.
func TestServers(t *testing.T) {
	for name, s := range servers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, need := range s.needs {
				if _, err := exec.LookPath(need); err != nil {
					if _, err := os.Stat(need); err != nil {
						t.Skip(need, " is not installed")
					}
				}
			}
			s.test(t, name)
		})
	}
}

func (s *server) test(t *testing.T, name string) {
	data, err := os.MkdirTemp("", "multiexit-data-") // PostgreSQL is not root, and the test's own directory is
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(data) })
	os.Chmod(data, 0o777)
	w := newWorld(t, "PGD="+filepath.Join(data, "pg"))
	for file, text := range s.files {
		os.WriteFile(filepath.Join(w.dir, file), []byte(text), 0o644)
	}
	os.WriteFile(filepath.Join(w.dir, "multiexit.yaml"), []byte("version: 1\ncommands:\n  "+name+":\n    "+s.yaml+
		"\n  end:\n    command: 'true'\n    depends_on: ["+name+"]\n    critical: true\n"), 0o644)
	got := w.run("run", "--json") // the file of this directory; it ends when end does
	tp, err := tape.Read(strings.NewReader(got.stdout))
	if err != nil || tp.Damage != nil {
		t.Fatal(err, tp.Damage, got.stderr)
	}
	end := tree.Fold(tp.Events)
	c := end.Command(name)
	if c == nil || c.Node == nil {
		t.Fatalf("no such command; %s\n%s", got.stderr, got.stdout)
	}
	if c.State != tree.CommandStopped || !s.ends(c.Node) {
		t.Errorf("it is %s (%s), exit %d %s", c.State, c.Why, c.Node.Code, c.Node.EndSig)
	}
	first, output := "", ""
	for _, e := range tp.Events {
		if e.Kind == exitreg.KindSignal && e.Node == c.Node.ID && first == "" {
			first = e.Sig
		}
		if e.Kind == exitreg.KindOut {
			output += e.Text + "\n"
		}
	}
	if first != s.signal {
		t.Errorf("the first signal was %q", first)
	}
	for _, says := range s.says {
		if !strings.Contains(output, says) {
			t.Errorf("it did not say %q:\n%s", says, output)
		}
	}
	if n := processesOf(c.Node); n < s.least {
		t.Errorf("%d processes", n)
	}
}

// processesOf is the number of processes of a subtree.
func processesOf(n *tree.Node) int {
	sum := 1
	for _, k := range n.Kids {
		sum += processesOf(k)
	}
	return sum
}
