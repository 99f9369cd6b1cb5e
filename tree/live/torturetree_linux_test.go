package live

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func init() {
	roles["torturer"] = torturerRole
	roles["torture"] = tortureRole
	roles["part"] = partRole
	roles["daemon"] = daemonRole
}

// torturerRole runs a session of a torture tree until that is gone. Its arguments
// are the tree's mark, "cgroup", "plain" (without one) or "enclosed" (without one,
// but in a pid namespace), the grace period in milliseconds, and after how many of them it stops the tree itself; -1: on SIGTERM, and a second
// one kills.
func torturerRole(args []string) int {
	if args[1] != "cgroup" {
		cgroupHome = func() (string, string, error) { return "", "", errors.New("switched off") }
	}
	terms := make(chan os.Signal, 2)
	signal.Notify(terms, unix.SIGTERM)
	s, err := Open(Config{Grace: time.Duration(atoi(args[2])) * time.Millisecond})
	if err == nil {
		_, err = s.Run(Command{Argv: role("torture", args[0]), PIDNamespace: args[1] == "enclosed"})
	}
	if err != nil {
		fmt.Println("error:", err)
		return 1
	}
	s.Release()
	fmt.Println("observer", s.Header().Observer)
	go func() {
		for range s.Events() {
		}
	}()
	go func() {
		if ms := atoi(args[3]); ms >= 0 {
			time.Sleep(time.Duration(ms) * time.Millisecond)
		} else {
			<-terms
		}
		fmt.Println("stopping")
		s.Stop()
		<-terms
		s.Kill()
	}()
	v := s.Wait()
	fmt.Println("survivors", v.Survivors)
	return 0
}

// tortureRole starts one of each of those that are hard to end. Half of them
// leave their parent, their session or their environment.
func tortureRole(args []string) int {
	mark := args[0]
	mine := func(how ...string) *exec.Cmd { return exec.Command(self, append([]string{roleWord}, how...)...) }
	shell := func(script string) *exec.Cmd { return exec.Command("sh", "-c", script, mark) }
	parts := []*exec.Cmd{
		shell("setsid sleep " + mark + "; true"),
		mine("daemon", mark, "own"),
		mine("daemon", mark, "sleep"),
		shell("(env -i setsid sh -c 'sleep " + mark + "; true' &)"),
		mine("part", "ignore", mark),
		mine("part", "bomb", mark),
		shell("kill -STOP $$; sleep " + mark),
		shell("sleep " + mark + "; true"), // it does not pass signals on
		shell("sleep " + mark + " & sleep " + mark + " & exit 0"),
		shell("trap '' TERM; sleep " + mark + " | cat"),
	}
	parts[8].SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a leader that exits first
	rand.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	for _, c := range parts {
		c.Stdout, c.Stderr = os.Stdout, os.Stderr // held open by whoever lives on
		if c.Start() == nil {
			go c.Wait()
		}
	}
	if rand.IntN(2) == 0 {
		signal.Ignore(unix.SIGTERM)
	}
	time.Sleep(time.Hour)
	return 0
}

// partRole ignores what ends others; a bomb answers SIGTERM with 50 children.
func partRole(args []string) int {
	if args[0] == "ignore" {
		signal.Ignore(unix.SIGTERM, unix.SIGINT, unix.SIGHUP)
		time.Sleep(time.Hour)
	}
	terms := make(chan os.Signal, 1)
	signal.Notify(terms, unix.SIGTERM)
	<-terms
	for i := range 50 {
		c := exec.Command("sleep", args[1])
		c.SysProcAttr = &syscall.SysProcAttr{Setsid: i%2 == 0}
		if c.Start() == nil {
			go c.Wait()
		}
	}
	time.Sleep(time.Hour)
	return 0
}

// daemonRole leaves parent, session and environment as a daemon does, and runs
// its own program or another.
func daemonRole(args []string) int {
	if args[1] == "stay" {
		signal.Ignore(unix.SIGTERM)
		time.Sleep(time.Hour)
	}
	c := exec.Command("sleep", args[0])
	if args[1] == "own" {
		c = exec.Command(self, roleWord, "daemon", args[0], "stay")
	}
	c.Env, c.SysProcAttr = []string{}, &syscall.SysProcAttr{Setsid: true}
	if c.Start() != nil {
		return 1
	}
	return 0
}
