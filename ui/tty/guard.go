package tty

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"multiexit/tree"
)

// guard is a small process that makes the terminal usable again when we die
// without a chance to: by SIGKILL, or by a panic that nobody recovers. It holds
// the reading end of a pipe. The modes as they were are written into it before
// the first is changed; the end of the pipe without a goodbye means that we died.
type guard struct {
	pipe *os.File
	cmd  *exec.Cmd
}

const (
	guardMark = "terminal-guard"
	guardTime = 10 * time.Second // for a terminal that stands still

	guardStuck = 125 // its exit status then; nobody is left who asks for it
)

// guardOrder is what the guard must know.
type guardOrder struct {
	Termios unix.Termios
	Report  string // where the Go runtime writes when it dies; may be ""
}

// startGuard starts the guard. There is no need to wait until it runs: what it
// needs is in the pipe, whatever becomes of us.
func startGuard(t *Terminal) (*guard, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	cmd := exec.Command(self, guardMark)
	cmd.Stdin, cmd.Stdout = r, t.out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // keys typed at us are not for it
	if err := cmd.Start(); err != nil {
		w.Close()
		return nil, fmt.Errorf("terminal guard: %w", err)
	}
	order := guardOrder{Termios: *t.cooked}
	if t.crashes != nil {
		order.Report = t.crashes.Name()
	}
	g := &guard{pipe: w, cmd: cmd}
	return g, json.NewEncoder(w).Encode(order)
}

// bye tells the guard that the terminal is in order.
func (g *guard) bye() {
	io.WriteString(g.pipe, "bye\n")
	g.pipe.Close()
	g.cmd.Wait()
}

// Guard plays the guard if args, those of the command line without the program,
// say so; main calls it first and ends if it did. In any other case it does
// nothing.
func Guard(args []string) (handled bool) {
	if len(args) != 1 || args[0] != guardMark {
		return false
	}
	// SIGTTOU: it writes to the terminal of another group, the shell's by then.
	signal.Ignore(syscall.SIGTTOU, syscall.SIGTTIN, syscall.SIGTSTP,
		syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTERM)
	in := bufio.NewReader(os.Stdin)
	line, err := in.ReadBytes('\n')
	var order guardOrder
	if err != nil || json.Unmarshal(line, &order) != nil {
		return true
	}
	if word, _ := in.ReadString('\n'); word == "bye\n" {
		return true
	}
	time.AfterFunc(guardTime, func() { os.Exit(guardStuck) })
	order.restore()
	return true
}

// restore resets the modes. The line modes only if they are still ours: a shell
// that is back already has set its own.
func (o *guardOrder) restore() {
	if now, err := unix.IoctlGetTermios(stdout, getTermios); err == nil && now.Lflag&(unix.ISIG|unix.ICANON) == 0 {
		unix.IoctlSetTermios(stdout, setTermios, &o.Termios)
	}
	os.Stdout.WriteString(resetModes)
	if o.Report == "" {
		return
	}
	text, err := os.ReadFile(o.Report)
	if err != nil || len(text) == 0 {
		os.Remove(o.Report)
		return
	}
	first, _, _ := strings.Cut(string(text), "\n")
	fmt.Printf("multiexit: internal error: %s (the report is in %s)\r\n", tree.Clean(first), o.Report)
}
