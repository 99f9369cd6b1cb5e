//go:build unix

package exitreg_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"multiexit/exitreg"
)

// T53, rule 23: a child has what was shared before it started, and only that.
func TestSharedBeforeAndAfter(t *testing.T) {
	t.Parallel()
	p := family(t, "main: install; share s1; start kid; share s2; ready; wait", "kid: install; ready; wait")
	pids := p.ready("main", "kid")
	sig(t, pids["kid"], syscall.SIGTERM)
	p.await("main saw kid signal 15")
	if got := p.takeSeen(); got != "kid s1" {
		t.Errorf("the child ran %q", got)
	}
	sig(t, pids["main"], syscall.SIGTERM)
	if got, status := p.rest(); got != "main s2, main s1" || status != "signal 15" {
		t.Errorf("the parent ran %q, %s", got, status)
	}
}

// T54, rule 24: what a child shares goes down, not up.
func TestSharedInChild(t *testing.T) {
	t.Parallel()
	p := family(t, "main: install; start kid; ready; wait", "kid: install; share s1; start grand; ready; wait", "grand: install; ready; wait")
	pids := p.ready("main", "kid", "grand")
	sig(t, pids["grand"], syscall.SIGTERM)
	p.await("kid saw grand signal 15")
	if got := p.takeSeen(); got != "grand s1" {
		t.Errorf("the grandchild ran %q", got)
	}
	sig(t, pids["kid"], syscall.SIGTERM)
	p.await("main saw kid signal 15")
	if got := p.takeSeen(); got != "kid s1" {
		t.Errorf("the child ran %q", got)
	}
	sig(t, pids["main"], syscall.SIGTERM)
	if got, _ := p.rest(); got != "" {
		t.Errorf("the parent ran %q", got)
	}
}

// T55, rule 24: local handlers are never inherited. Also the order in a child:
// its own, what it shared itself, what it inherited.
func TestOrderInChild(t *testing.T) {
	t.Parallel()
	p := family(t, "main: install; local a; share s1; share s2; start kid; ready; wait",
		"kid: local b; share s3; install; local c; ready; wait")
	pids := p.ready("main", "kid")
	sig(t, pids["kid"], syscall.SIGTERM)
	p.await("main saw kid signal 15")
	if got := p.takeSeen(); got != "kid c, kid b, kid s3, kid s2, kid s1" {
		t.Errorf("the child ran %q", got)
	}
	sig(t, pids["main"], syscall.SIGTERM)
	if got, _ := p.rest(); got != "main a, main s2, main s1" {
		t.Errorf("the parent ran %q", got)
	}
}

// T56 and T57, rule 24: a parent that takes a shared handler back does so for
// itself and for children to come.
func TestUnshare(t *testing.T) {
	t.Parallel()
	p := family(t, "main: install; share s1; start kid; read; unregister s1; start late; ready; wait",
		"kid: install; ready; wait", "late: install; ready; wait")
	pids := p.ready("kid")
	fmt.Fprintln(p.stdin)
	for name, pid := range p.ready("main", "late") {
		pids[name] = pid
	}
	p.takeSeen()
	for _, c := range []struct{ name, ran string }{{"kid", "kid s1"}, {"late", ""}} {
		sig(t, pids[c.name], syscall.SIGTERM)
		p.await("main saw " + c.name + " signal 15")
		if got := p.takeSeen(); got != c.ran {
			t.Errorf("%s ran %q, want %q", c.name, got, c.ran)
		}
	}
	sig(t, pids["main"], syscall.SIGTERM)
	if got, _ := p.rest(); got != "" {
		t.Errorf("the parent ran %q", got)
	}
}

// T59, rule 24: a child takes back its copy, for itself and its own children.
func TestDisinherit(t *testing.T) {
	t.Parallel()
	p := family(t, "main: install; share s1; share s2; start kid; ready; wait",
		"kid: install; disinherit p1; start grand; ready; wait", "grand: install; ready; wait")
	pids := p.ready("main", "kid", "grand")
	if got := p.takeSeen(); got != "kid true" {
		t.Errorf("Unregister of the copy: %q", got)
	}
	sig(t, pids["grand"], syscall.SIGTERM)
	p.await("kid saw grand signal 15")
	sig(t, pids["kid"], syscall.SIGTERM)
	p.await("main saw kid signal 15")
	sig(t, pids["main"], syscall.SIGTERM)
	if got, _ := p.rest(); got != "grand s2, kid s2, main s2, main s1" {
		t.Errorf("ran %q", got)
	}
}

// T58, rule 24: a program that lacks a definition skips it and passes it on.
func TestUnbound(t *testing.T) {
	t.Parallel()
	p := family(t, "main: install; share s1; share s2; share s3; start kid bare; ready; wait",
		"kid: install; local a; start grand whole; ready; wait", "grand: install; ready; wait")
	pids := p.ready("main", "kid", "grand")
	sig(t, pids["grand"], syscall.SIGTERM)
	p.await("kid saw grand signal 15")
	sig(t, pids["kid"], syscall.SIGTERM)
	p.await("main saw kid signal 15")
	if got := p.takeSeen(); got != "grand s3, grand s2, grand s1, kid a, kid s3, kid s1" {
		t.Errorf("ran %q", got)
	}
	sig(t, pids["main"], syscall.SIGTERM)
	p.rest()
}

// T60, rule 23: a child that knows nothing of this package has one variable more
// in its environment.
func TestPlainChild(t *testing.T) {
	t.Parallel()
	p := family(t, "main: install; share s1; exec env; exit")
	p.end()
	var extra []string
	for _, kv := range p.seen {
		if strings.Contains(kv, "=") && strings.HasPrefix(kv, "MULTIEXIT") {
			key, value, _ := strings.Cut(kv, "=")
			extra = append(extra, key)
			if !strings.Contains(value, `"name":"p1"`) {
				t.Errorf("%s", kv)
			}
		}
	}
	if fmt.Sprint(extra) != "[MULTIEXIT_SHARED]" {
		t.Errorf("the child has %v", extra)
	}
}

// T61, rule 25: Ctrl-C goes to the whole group; the parent drives.
func TestCtrlC(t *testing.T) {
	t.Parallel()
	p := family(t, "main: install; share s1; start kid; stop kid 30s; ready; wait", "kid: install; local a; ready; wait")
	p.ready("main", "kid")
	p.killGroup(syscall.SIGINT)
	got, status := p.rest()
	if got != "kid a, kid s1, main s1" || status != "signal 2" {
		t.Errorf("ran %q, %s", got, status)
	}
}

// T62, rule 25: a child whose adopting parent is gone obeys SIGINT again; one
// that was not adopted always does.
func TestSIGINTInChildren(t *testing.T) {
	t.Parallel()
	p := family(t, "main: install; share s1; start kid; start free none; ready; wait",
		"kid: install; local a; ready; wait", "free: install; local b; ready; wait")
	pids := p.ready("main", "kid", "free")
	sig(t, pids["kid"], syscall.SIGINT)
	sig(t, pids["free"], syscall.SIGINT)
	p.await("main saw free signal 2")
	if got := p.takeSeen(); got != "free b" {
		t.Errorf("ran %q", got)
	}
	sig(t, pids["main"], syscall.SIGKILL)
	p.cmd.Wait()
	sig(t, pids["kid"], syscall.SIGINT)
	if got, _ := p.rest(); got != "kid a, kid s1" {
		t.Errorf("the orphan ran %q", got)
	}
}

// T63, rule 25: Stop ends a deaf child and says so; the others run, nobody is left.
func TestStopKills(t *testing.T) {
	t.Parallel()
	p := family(t, "main: install; share s1; start kid; stop kid 200ms; ready; wait", "kid: deaf; ready; wait")
	pids := p.ready("main", "kid")
	sig(t, pids["main"], syscall.SIGTERM)
	got, status := p.rest()
	if got != "main s1" || status != "signal 15" {
		t.Errorf("ran %q, %s", got, status)
	}
	want := fmt.Sprintf("process %d had to be killed after 200ms\n", pids["kid"])
	if e := p.stderr.String(); !strings.HasSuffix(e, want) || strings.Count(e, "\n") != 1 {
		t.Errorf("stderr %q, want like %q", e, want)
	}
	if s := state(pids["kid"]); s != "" && !strings.HasPrefix(s, "Z") { // process 1 may not have come to it
		t.Errorf("the child lives: %s", s)
	}
}

// T72: four generations, each stopping the next: the leaf's handlers run first.
func TestCascade(t *testing.T) {
	t.Parallel()
	p := family(t, "main: install; share s1; start one; stop one 30s; ready; wait",
		"one: install; start two; stop two 30s; ready; wait",
		"two: install; start three; stop three 30s; ready; wait",
		"three: install; local a; ready; wait")
	pids := p.ready("main", "one", "two", "three")
	sig(t, pids["main"], syscall.SIGTERM)
	got, status := p.rest()
	if got != "three a, three s1, two s1, one s1, main s1" || status != "signal 15" {
		t.Errorf("ran %q, %s", got, status)
	}
}

// Rules 3 and 24: a key crosses exec too, so that a program that shares the same
// handler in every generation has it once.
func TestSharedKey(t *testing.T) {
	t.Parallel()
	p := family(t, "main: install; share s1 k; start kid; ready; wait",
		"kid: install; share s1 k; start early; ready; wait",
		"early: share s1 k; install; share s1 k; ready; wait")
	pids := p.ready("main", "kid", "early")
	sig(t, pids["early"], syscall.SIGTERM)
	p.await("kid saw early")
	sig(t, pids["kid"], syscall.SIGTERM)
	p.await("main saw kid")
	sig(t, pids["main"], syscall.SIGTERM)
	if got, _ := p.rest(); got != "early s1, kid s1, main s1" {
		t.Errorf("ran %q", got)
	}
}

// Rule 23: a command with an Env of its own needs Inherit, and no more.
func TestInherit(t *testing.T) {
	t.Parallel()
	p := family(t, "main: install; share s1; start kid own; ready; wait", "kid: install; ready; wait")
	pids := p.ready("main", "kid")
	sig(t, pids["kid"], syscall.SIGTERM)
	p.await("main saw kid signal 15")
	sig(t, pids["main"], syscall.SIGTERM)
	if got, _ := p.rest(); got != "kid s1, main s1" {
		t.Errorf("ran %q", got)
	}
}

// What an Env of its own had from earlier is replaced.
func TestInheritReplaces(t *testing.T) {
	t.Setenv("MULTIEXIT_SHARED", "new")
	t.Setenv("MULTIEXIT_SOCK", "/sock")
	cmd := exec.Command("true")
	cmd.Env = []string{"MULTIEXIT_SHARED=old", "A=1", "MULTIEXIT_SOCK=/gone", "MULTIEXIT_SHARED=older"}
	exitreg.Inherit(cmd)
	if got := strings.Join(cmd.Env, " "); got != "A=1 MULTIEXIT_SHARED=new MULTIEXIT_SOCK=/sock" {
		t.Errorf("Env %s", got)
	}
}

func TestEnvironOfNothing(t *testing.T) {
	cmd := exec.Command("true")
	exitreg.Inherit(cmd)
	if cmd.Env != nil {
		t.Errorf("a nil Env became %q", cmd.Env)
	}
	if env := exitreg.Environ(); env != nil {
		t.Errorf("Environ() = %q with nothing to hand down", env)
	}
}

// Rule 24: a value that cannot be read is ignored with a note.
func TestMalformedManifest(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"not JSON":     "flush:1234",
		"torn":         `{"v":1,"shared":[{"name":"p1","pid":`,
		"other":        `[1,2,3]`,
		"null":         `{"v":1,"shared":[null]}`,
		"no name":      `{"v":1,"shared":[{"name":"","pid":7}]}`,
		"escape":       `{"v":1,"shared":[{"name":"\u001b[31m","pid":7}]}`,
		"no pid":       `{"v":1,"shared":[{"name":"p1"}]}`,
		"long timeout": `{"v":1,"shared":[{"name":"p1","pid":7,"timeout":-1}]}`,
		"version":      `{"v":2,"shared":[]}`,
		"too long":     `{"v":1,"shared":[{"name":"p1","pid":7,"src":"` + strings.Repeat("x", 64<<10) + `"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startCommand(t, playing(t, puppet, nameEnv+"=main", "MULTIEXIT_SHARED="+value,
				"SCRIPT_main=install; local a; share s1; start kid; ready; wait", "SCRIPT_kid=install; ready; wait"))
			pids := p.ready("main", "kid")
			sig(t, pids["kid"], syscall.SIGTERM)
			p.await("main saw kid signal 15")
			sig(t, pids["main"], syscall.SIGTERM)
			if got, status := p.rest(); got != "kid s1, main a, main s1" || status != "signal 15" {
				t.Errorf("ran %q, %s", got, status)
			}
			e := p.stderr.String()
			if !strings.HasPrefix(e, "exitreg: MULTIEXIT_SHARED: ") || strings.Count(e, "\n") != 1 || strings.Contains(e, "\x1b") {
				t.Errorf("stderr %q", e)
			}
		})
	}
}

// Rule 26: a pid that lives is not the parent if it was born at another time.
func TestRecycledParent(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("needs start times")
	}
	p := startCommand(t, playing(t, puppet, nameEnv+"=main", "SCRIPT_main=install; ready; wait",
		fmt.Sprintf(`MULTIEXIT_SHARED={"v":1,"parent":{"pid":%d,"start":1},"shared":[{"name":"p1","pid":%d,"start":1}]}`, os.Getpid(), os.Getpid())))
	p.ready("main")
	p.kill(syscall.SIGINT)
	if got, status := p.rest(); got != "main s1" || status != "signal 2" {
		t.Errorf("ran %q, %s", got, status)
	}
}

func TestDefineMisuse(t *testing.T) {
	nop := func(context.Context) error { return nil }
	for name, define := range map[string]func(){
		`defined twice`:  func() { exitreg.Define("s3", nop) },
		`the name is em`: func() { exitreg.Define("", nop) },
		`"a\nb"`:         func() { exitreg.Define("a\nb", nop) },
		`not UTF-8`:      func() { exitreg.Define("\xff", nop) },
		`longer than`:    func() { exitreg.Define(strings.Repeat("x", 201), nop) },
		`nil func`:       func() { exitreg.Define("nil", nil) },
		`of a nil func`:  func() { exitreg.Register("nil", nil) },
		`of nothing`:     func() { exitreg.Share(nil) },
	} {
		func() {
			defer func() {
				v := fmt.Sprint(recover())
				if !strings.Contains(v, name) || !strings.Contains(v, "shared_test.go:") {
					t.Errorf("panic %q, want %q and the caller's position", v, name)
				}
			}()
			define()
		}()
	}
}
