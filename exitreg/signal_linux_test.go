package exitreg_test

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

var (
	importing = role("importing only", func() { put(caught()); await() })
	firstPID  = role("process 1", func() { install(); register("a"); await() })
)

// caught is the mask of caught signals of this process.
func caught() string {
	b, _ := os.ReadFile("/proc/self/status")
	_, mask, _ := strings.Cut(string(b), "SigCgt:\t")
	mask, _, _ = strings.Cut(mask, "\n")
	return mask
}

// T64, rule 1: a program that only imports the package is a plain Go program.
func TestImportOnly(t *testing.T) {
	t.Parallel()
	gobin, err := exec.LookPath("go")
	if err != nil || testing.Short() {
		t.Skip("needs to build a program")
	}
	dir := t.TempDir()
	src := dir + "/main.go"
	code := "package main\nimport (\"os\"; \"strings\")\nfunc main() {\n" +
		"b, _ := os.ReadFile(\"/proc/self/status\")\n" +
		"_, m, _ := strings.Cut(string(b), \"SigCgt:\\t\")\n" +
		"println(strings.SplitN(m, \"\\n\", 2)[0]) }\n"
	if err := os.WriteFile(src, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	plain, err := exec.Command(gobin, "run", src).CombinedOutput()
	if err != nil {
		t.Fatalf("go run: %v\n%s", err, plain)
	}
	p := start(t, importing)
	if mask := p.await(""); mask != strings.TrimSpace(string(plain)) {
		t.Errorf("SigCgt %s, a plain program's is %s", mask, plain)
	}
	p.await("ready")
	p.kill(syscall.SIGTERM)
	p.want("", "signal 15")
}

// Rule 18: process 1 cannot die by a signal it sends itself.
func TestProcessOne(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("a PID namespace needs root")
	}
	cmd := playing(t, firstPID)
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID}
	probe := exec.Command("/bin/true")
	probe.SysProcAttr = cmd.SysProcAttr
	if err := probe.Run(); err != nil {
		t.Skipf("no PID namespace here: %v", err)
	}
	p := startCommand(t, cmd)
	p.await("ready")
	p.kill(syscall.SIGTERM)
	p.want("a", "code 143")
}
