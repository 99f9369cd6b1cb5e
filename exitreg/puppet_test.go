//go:build unix

package exitreg_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
)

// A puppet is a process that does what its script says, so that a test shows the
// whole family it is about. The script of the puppet NAME is the variable
// SCRIPT_NAME; its commands are parted by ";". Everything it prints begins with
// its name.
const nameEnv = "EXITREG_TEST_NAME"

var puppet = role("puppet", func() {
	p := puppetState{
		name:     os.Getenv(nameEnv),
		handlers: map[string]*exitreg.Handler{},
		stdin:    bufio.NewScanner(os.Stdin),
		children: map[string]*exec.Cmd{},
	}
	for _, c := range strings.Split(os.Getenv("SCRIPT_"+p.name), ";") {
		if w := strings.Fields(c); len(w) > 0 {
			p.do(w[0], w[1:])
		}
	}
})

type puppetState struct {
	name     string
	handlers map[string]*exitreg.Handler
	children map[string]*exec.Cmd
	stdin    *bufio.Scanner
}

func (p *puppetState) says(what ...any) {
	put(p.name + " " + strings.TrimSpace(fmt.Sprintln(what...)))
}

func (p *puppetState) do(verb string, args []string) {
	switch verb {
	case "install":
		install()
	case "share":
		var opts []exitreg.HandlerOption
		if len(args) > 1 {
			opts = append(opts, exitreg.Key(args[1]))
		}
		p.handlers[args[0]] = exitreg.Share(sharedByName[args[0]], opts...)
	case "local":
		p.handlers[args[0]] = exitreg.Register(args[0], says(p.name+" "+args[0]))
	case "unregister":
		p.says(p.handlers[args[0]].Unregister())
	case "disinherit":
		for _, h := range exitreg.Inherited() {
			if h.Name() == args[0] {
				p.says(h.Unregister())
			}
		}
	case "start": // a puppet; with "bare" one that defines less, with "own" one with an Env of its own
		p.start(args[0], args[1:])
	case "stop": // registers the handler that stops a child
		grace, _ := time.ParseDuration(args[1])
		exitreg.Register("stop "+args[0], exitreg.Stop(p.children[args[0]], grace))
	case "deaf":
		ignore(syscall.SIGTERM)
	case "obey": // waits for the observer's last word
		awaitOrders()
	case "read": // waits for the test
		p.stdin.Scan()
	case "exec":
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Stdout = os.Stdout
		cmd.Run()
	case "ready":
		p.says("ready", os.Getpid())
	case "exit":
		exitreg.Exit(0)
	case "wait":
		forever()
	default:
		panic("no such command: " + verb)
	}
}

func (p *puppetState) start(name string, how []string) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), nameEnv+"="+name)
	for _, h := range how {
		switch h {
		case "bare":
			cmd.Env = append(cmd.Env, "EXITREG_TEST_BARE=1")
		case "whole":
			cmd.Env = append(cmd.Env, "EXITREG_TEST_BARE=")
		case "own":
			cmd.Env = []string{roleEnv + "=puppet", nameEnv + "=" + name, "SCRIPT_" + name + "=" + os.Getenv("SCRIPT_"+name), "MULTIEXIT_SHARED=old"}
			exitreg.Inherit(cmd)
		case "watched":
			cmd.Env = append(cmd.Env, "MULTIEXIT_SOCK="+os.Getenv("WATCH_"+name))
		case "unwatched":
			cmd.Env = append(cmd.Env, "MULTIEXIT_SOCK=")
		case "none":
			cmd.Env = append(cmd.Env, "MULTIEXIT_SHARED=")
		}
	}
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		p.says(err)
		return
	}
	p.children[name] = cmd
	go func() {
		cmd.Wait()
		p.says("saw", name, statusOf(cmd.ProcessState))
	}()
}

var sharedByName = map[string]*exitreg.Shared{
	"s1": exitreg.Define("p1", trace("s1")),
	"s3": exitreg.Define("p3", trace("s3")),
}

func init() {
	if os.Getenv("EXITREG_TEST_BARE") == "" {
		sharedByName["s2"] = exitreg.Define("p2", trace("s2"))
	}
}

// trace is a shared handler: it prints the process that it runs in.
func trace(name string) exitreg.Func {
	return func(context.Context) error { put(os.Getenv(nameEnv) + " " + name); return nil }
}

// family starts the puppet "main" with its and its descendants' scripts:
// "main: install; share s1; start kid".
func family(t *testing.T, scripts ...string) *proc {
	t.Helper()
	cmd := playing(t, puppet, nameEnv+"=main")
	for _, s := range scripts {
		name, script, _ := strings.Cut(s, ":")
		cmd.Env = append(cmd.Env, "SCRIPT_"+name+"="+script)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	p := startCommand(t, cmd)
	p.stdin = in
	return p
}

// ready waits until each of the puppets is, in any order, and returns their pids.
func (p *proc) ready(names ...string) map[string]int {
	p.t.Helper()
	pids := map[string]int{}
	for len(pids) < len(names) {
		s, ok := p.line()
		if !ok {
			p.t.Fatalf("ended before all of %q were ready; seen %q, stderr %s", names, p.seen, p.stderr.String())
		}
		var name string
		var pid int
		if n, _ := fmt.Sscanf(s, "%s ready %d", &name, &pid); n == 2 {
			pids[name] = pid
		} else {
			p.seen = append(p.seen, s)
		}
	}
	return pids
}

// takeSeen is what was printed up to now.
func (p *proc) takeSeen() string {
	s := strings.Join(p.seen, ", ")
	p.seen = nil
	return s
}

// rest is end, with commas between the lines and without what parents saw of
// their children, which may come at any time.
func (p *proc) rest() (string, string) {
	p.t.Helper()
	_, status := p.end()
	p.seen = slices.DeleteFunc(p.seen, func(s string) bool { return strings.Contains(s, " saw ") })
	return p.takeSeen(), status
}

func sig(t *testing.T, pid int, s syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(pid, s); err != nil {
		t.Fatal(err)
	}
}
