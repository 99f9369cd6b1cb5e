package live

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"multiexit/exitreg"
)

// roles are what the test binary does when it is started as a child.
var roles = map[string]func(args []string) int{
	"chain":      chainRole,
	"leaderless": leaderlessRole,
	"handlers":   handlersRole,
	"family":     familyRole,
	"peer":       peerRole,
	"dial":       dialRole,
	"session":    sessionRole,
	"impatient":  impatientRole,
	"hasty":      hastyRole,
	"keep":       keepRole,
	"flood":      floodRole,
	"heavy":      heavyRole,
}

func init() {
	if len(os.Args) > 2 && os.Args[2] == "leaderless" {
		runtime.LockOSThread() // main stays on the main thread
	}
}

// chainRole starts itself args[0] more times, each below the last, and waits.
func chainRole(args []string) int {
	n, _ := strconv.Atoi(args[0])
	if n == 0 {
		time.Sleep(time.Hour)
	}
	cmd := exec.Command(self, roleWord, "chain", strconv.Itoa(n-1))
	cmd.Args[0] = "link" + strconv.Itoa(n-1)
	cmd.Run()
	return n
}

// leaderlessRole ends its main thread while another goes on, and ends with 7.
func leaderlessRole(args []string) int {
	go func() {
		runtime.LockOSThread()
		passGate(args[0])
		os.Exit(7)
	}()
	fmt.Println("leader leaves")
	for {
		unix.RawSyscall(unix.SYS_EXIT, 0, 0, 0)
	}
}

// handlersRole registers handlers, named by its arguments; "fail" fails.
func handlersRole(args []string) int {
	exitreg.Install()
	for _, name := range args {
		exitreg.Register(name, func(context.Context) error {
			fmt.Println("ran", name)
			if name == "slow" {
				time.Sleep(700 * time.Millisecond)
			}
			if name == "fail" {
				return fmt.Errorf("broken")
			}
			return nil
		})
	}
	fmt.Println("ready")
	select {}
}

var sharedBye = exitreg.Define("bye", func(context.Context) error { return nil })

// familyRole has a shared handler and one that ends a child of its own kind;
// args[0] is how many generations follow.
func familyRole(args []string) int {
	n, _ := strconv.Atoi(args[0])
	exitreg.Install()
	if len(args) > 1 {
		exitreg.Share(sharedBye)
	}
	if n > 0 {
		cmd := exec.Command(self, roleWord, "family", strconv.Itoa(n-1))
		if err := cmd.Start(); err != nil {
			return 3
		}
		exitreg.Register("stop child", exitreg.Stop(cmd, 10*time.Second))
	} else {
		exitreg.Register("leaf", func(context.Context) error { return nil })
	}
	select {}
}

// impatientRole is as familyRole, of processes that give their handlers, and their
// children, little time.
func impatientRole(args []string) int {
	n, _ := strconv.Atoi(args[0])
	const patience = 4 * time.Second
	exitreg.Install(exitreg.Grace(patience+time.Second), exitreg.Name("impatient"+args[0]))
	if n > 0 {
		cmd := exec.Command(self, roleWord, "impatient", strconv.Itoa(n-1))
		if err := cmd.Start(); err != nil {
			return 3
		}
		exitreg.Register("stop child", exitreg.Stop(cmd, patience), exitreg.Timeout(patience))
	} else {
		exitreg.Register("leaf", func(context.Context) error { return nil }, exitreg.Timeout(patience))
	}
	select {}
}

// hastyRole has a handler and exits at once.
func hastyRole([]string) int {
	exitreg.Install()
	exitreg.Register("h", func(context.Context) error { return nil })
	exitreg.Exit(0)
	return 0
}

// keepRole runs a shell script that leaves sleeps behind, which are let alone, has
// them stopped before a SIGTERM of its own, prints who is, and waits to be killed.
func keepRole(args []string) int {
	s, err := Open(Config{Keep: true})
	if err != nil {
		return 125
	}
	fmt.Println("mark", s.sock)
	if err := s.Order("sleep", `{"do":"hold"}`); err != nil {
		fmt.Println(err)
	}
	if _, err := s.Run(Command{Argv: []string{"bash", "-c", args[0]}}); err != nil {
		return 125
	}
	signs := map[string]int{} // that it sleeps, and that it was left behind
	for batch := range s.Events() {
		for _, e := range batch {
			switch {
			case e.Kind == exitreg.KindOrphan, e.Name == "sleep" && (e.Kind == exitreg.KindExec || e.Kind == exitreg.KindSpawn):
				if signs[e.Node]++; signs[e.Node] == 2 {
					go s.Signal(e.Node, "TERM", "")
				}
			case e.Kind == exitreg.KindHold:
				fmt.Println("halted", e.PID)
			}
		}
	}
	return 0
}

// peerRole connects by hand and writes its arguments as lines, with \p for its
// own pid. It stays alive until its connection ends, and then for ever.
func peerRole(args []string) int {
	c, err := net.Dial("unix", os.Getenv(sockEnv))
	if err != nil {
		return 3
	}
	for _, line := range args {
		line = strings.ReplaceAll(line, `\p`, strconv.Itoa(os.Getpid()))
		if n, ok := strings.CutPrefix(line, "LONG "); ok {
			size, _ := strconv.Atoi(n)
			line = `{"kind":"hello","name":"` + strings.Repeat("x", size) + `"}`
		}
		c.Write([]byte(line + "\n"))
	}
	fmt.Println("written")
	buf := make([]byte, 1024)
	for {
		n, err := c.Read(buf)
		if err != nil {
			break
		}
		fmt.Printf("told %s", buf[:n])
	}
	fmt.Println("dropped")
	time.Sleep(time.Hour)
	return 0
}

// floodRole writes args[0] events as fast as it can and ends.
func floodRole(args []string) int {
	n, _ := strconv.Atoi(args[0])
	c, err := net.Dial("unix", os.Getenv(sockEnv))
	if err != nil {
		return 3
	}
	fmt.Fprintf(c, "{\"kind\":\"hello\",\"pid\":%d,\"n\":1}\n", os.Getpid())
	var b []byte
	for i := range n {
		b = fmt.Appendf(b, "{\"kind\":\"register\",\"pid\":%d,\"at\":%d,\"n\":%d,\"id\":\"h%d\",\"handler\":\"cleanup\",\"src\":\"main.go:10\"}\n",
			os.Getpid(), time.Now().UnixNano(), i+2, i%1000)
		if len(b) > 32<<10 || i == n-1 {
			if _, err := c.Write(b); err != nil {
				return 4
			}
			b = b[:0]
		}
	}
	return 0
}

// dialRole tries to connect to args[0] as user args[1], or often as itself.
func dialRole(args []string) int {
	if uid, _ := strconv.Atoi(args[1]); uid != 0 {
		if err := syscall.Setuid(uid); err != nil {
			return 3
		}
	}
	n, _ := strconv.Atoi(args[2])
	ended := make(chan struct{})
	for range n {
		c, err := net.Dial("unix", args[0])
		if err != nil {
			fmt.Println("no connection:", err)
			continue
		}
		go func() {
			c.Write([]byte("{\"kind\":\"hello\",\"name\":\"stranger\"}\n"))
			c.Read(make([]byte, 1))
			ended <- struct{}{}
		}()
	}
	for i := range n {
		<-ended
		fmt.Println("ended", i+1)
	}
	time.Sleep(time.Hour)
	return 0
}

func passGate(path string) {
	if f, err := os.Open(path); err == nil {
		f.Read(make([]byte, 1))
	}
}

// sessionRole observes its arguments, prints what it sees and ends as they do.
func sessionRole(args []string) int {
	s, err := Start(Options{Argv: args, Grace: 10 * time.Second})
	if err != nil {
		fmt.Println("error:", err)
		return 125
	}
	fmt.Println("mark", s.sock)
	if s.system.keeper != nil {
		fmt.Println("keeper", s.system.keeper.pid)
	}
	for batch := range s.Events() {
		for _, e := range batch {
			fmt.Println(e.Kind, e.Node, e.Text)
		}
	}
	return s.Wait().Code
}

// heavyRole stops itself with so much memory that the kernel needs a while to end it.
func heavyRole([]string) int {
	b := make([]byte, 400<<20)
	for i := 0; i < len(b); i += 4096 {
		b[i] = 1
	}
	syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	runtime.KeepAlive(b)
	select {} // the signal may take another thread
}
