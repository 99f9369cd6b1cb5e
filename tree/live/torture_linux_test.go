package live

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

var (
	tortureRounds = flag.Int("torture.rounds", 0, "how often TestTorture starts a tree and ends it; 0: as many as fit into a normal run")
	tortureSeed   = flag.Uint64("torture.seed", 0, "what TestTorture draws its moments from; 0: the clock")
)

func init() {
	roles["torturer"] = torturerRole
	roles["torture"] = tortureRole
	roles["part"] = partRole
	roles["daemon"] = daemonRole
}

// torturerRole runs a session of a torture tree until that is gone. Its arguments
// are the tree's mark, "cgroup" or "plain", the grace period in milliseconds, and
// after how many of them it stops the tree itself; -1: on SIGTERM, and a second
// one kills.
func torturerRole(args []string) int {
	if args[1] == "plain" {
		cgroupHome = func() (string, string, error) { return "", "", errors.New("switched off") }
	}
	terms := make(chan os.Signal, 2)
	signal.Notify(terms, unix.SIGTERM)
	s, err := Start(Options{Argv: role("torture", args[0]), Grace: time.Duration(atoi(args[2])) * time.Millisecond})
	if err != nil {
		fmt.Println("error:", err)
		return 1
	}
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

// round is one tree and how it is ended.
type round struct {
	mark   string // an argument of sleep too; everybody carries it in the arguments or the environment
	how    string // stop, term, kill: at a random moment; late kill: while it is being stopped
	when   time.Duration
	grace  int
	cgroup string
	score  *score
}

// score counts, by kind of round, how many rounds there were and how many
// processes lived on when the session had just ended.
type score struct {
	sync.Mutex
	rounds, left map[string]int
}

func (s *score) add(kind string, left int) {
	s.Lock()
	defer s.Unlock()
	s.rounds[kind]++
	s.left[kind] += left
}

func (s *score) tell(t *testing.T) {
	kinds := slices.Sorted(maps.Keys(s.rounds))
	killed := 0
	for _, kind := range kinds {
		t.Logf("%-18s %4d rounds; processes alive when the session had just ended: %d", kind, s.rounds[kind], s.left[kind])
		if strings.Contains(kind, "kill") {
			killed += s.left[kind]
		}
	}
	if killed == 0 {
		t.Error("no process was left to any keeper: the trees never grew")
	}
}

func newRound(r *rand.Rand, n int, cgroup string) round {
	return round{
		mark:   fmt.Sprintf("1000.%07d%05d%s", os.Getpid(), n, map[string]string{"cgroup": "1", "plain": "2"}[cgroup]),
		how:    []string{"stop", "term", "kill", "kill", "late kill", "double term"}[r.IntN(6)],
		when:   time.Duration(r.IntN(500)) * time.Millisecond,
		grace:  100 + r.IntN(500),
		cgroup: cgroup,
	}
}

// run plays the round. Nobody of it lives and nothing of it is left on return.
func (r round) run(dir string) error {
	own := "-1"
	if r.how == "stop" {
		own = strconv.Itoa(int(r.when.Milliseconds()))
	}
	cmd := exec.Command(self, roleWord, "torturer", r.mark, r.cgroup, strconv.Itoa(r.grace), own)
	cmd.Env = append(os.Environ(), "TORTURE="+r.mark, "XDG_RUNTIME_DIR="+dir)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	said := make(chan string, 16)
	go func() {
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			said <- lines.Text()
		}
		close(said)
	}()
	told := r.end(cmd.Process, said)
	cmd.Wait()
	r.score.add(r.how+" "+r.cgroup, len(carriers(r.mark)))
	if err := r.gone(told); err != nil {
		return err
	}
	return r.clean(dir, cmd.Process.Pid)
}

// end ends it at its moment and returns what it has said by its own end.
func (r round) end(p *os.Process, said <-chan string) (told string) {
	moment := time.After(r.when)
	if r.how == "late kill" {
		moment = nil
		time.AfterFunc(200*time.Millisecond, func() { p.Signal(unix.SIGTERM) })
	}
	for {
		select {
		case line, ok := <-said:
			if !ok {
				return told
			}
			told += line + "\n"
			if line == "stopping" && r.how == "late kill" {
				moment = time.After(r.when)
			}
		case <-moment:
			moment = nil
			switch r.how {
			case "kill", "late kill":
				p.Kill()
			case "term":
				p.Signal(unix.SIGTERM)
			case "double term":
				p.Signal(unix.SIGTERM)
				time.AfterFunc(50*time.Millisecond, func() { p.Signal(unix.SIGTERM) })
			}
		}
	}
}

// gone waits until nobody carries the mark. When the session has come to its own
// end there is nothing to wait for.
func (r round) gone(told string) error {
	limit := deadline
	if strings.Contains(told, "survivors") {
		limit = 0
		if !strings.Contains(told, "survivors []") {
			return fmt.Errorf("the verdict: %s", told)
		}
	}
	for end := time.Now().Add(limit); ; time.Sleep(10 * time.Millisecond) {
		left := carriers(r.mark)
		if len(left) == 0 {
			return nil
		}
		if time.Now().After(end) {
			for _, pid := range left {
				defer unix.Kill(pid, unix.SIGKILL)
			}
			return fmt.Errorf("%d live on after %v: %s\n%s", len(left), limit, portrait(left), told)
		}
	}
}

// clean waits until the keeper has removed the socket and the control group.
func (r round) clean(dir string, pid int) error {
	home, _, _ := cgroupHome()
	for end := time.Now().Add(deadline); ; time.Sleep(10 * time.Millisecond) {
		if home != "" {
			sweepCgroups(home) // one whose keeper did not know of it yet
		}
		left, _ := filepath.Glob(filepath.Join(dir, "*"))
		for _, group := range cgroupsBelow(home) {
			if home != "" && strings.HasPrefix(filepath.Base(group), fmt.Sprintf("%s%d-", cgroupPrefix, pid)) {
				left = append(left, group)
			}
		}
		if len(left) == 0 {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("left behind: %v", left)
		}
	}
}

// carriers lists those who carry a mark in their arguments or their environment.
func carriers(mark string) (pids []int) {
	all, _ := readDir("/proc", make([]byte, 32<<10), nil)
	for _, pid := range all {
		base := "/proc/" + strconv.Itoa(pid)
		argv, _ := os.ReadFile(base + "/cmdline")
		env, _ := os.ReadFile(base + "/environ")
		if bytes.Contains(argv, []byte(mark)) || bytes.Contains(env, []byte(mark)) {
			if st, err := readStat(pid); err == nil && st.state != 'Z' {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

func portrait(pids []int) string {
	var b strings.Builder
	for _, pid := range pids {
		st, _ := readStat(pid)
		fmt.Fprintf(&b, "\n\t%d %q state %c parent %d session %d", pid, readArgv(pid), st.state, st.ppid, st.sid)
	}
	return b.String()
}

// TestTorture ends trees that are hard to end at moments that are bad for it, and
// looks for who got away. More rounds: -run Torture -torture.rounds 300.
func TestTorture(t *testing.T) {
	need(t, "sh", "setsid", "env", "sleep", "cat")
	rounds, seed := *tortureRounds, *tortureSeed
	if rounds == 0 {
		rounds = 40
		if testing.Short() || underRace {
			rounds = 8
		}
	}
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("%d rounds, -torture.seed %d", rounds, seed)
	random := rand.New(rand.NewPCG(seed, 0))
	queue := make(chan round)
	all := &score{rounds: map[string]int{}, left: map[string]int{}}
	var crew sync.WaitGroup
	for range 2 {
		crew.Go(func() {
			for r := range queue {
				dir, err := os.MkdirTemp("", "mx") // short: there will be a socket in it
				if err == nil {
					err = r.run(dir)
					os.RemoveAll(dir)
				}
				if err != nil {
					t.Errorf("%s after %v, grace %d ms, %s, mark %s: %v", r.how, r.when, r.grace, r.cgroup, r.mark, err)
				}
			}
		})
	}
	for n := range rounds {
		r := newRound(random, n, []string{"cgroup", "plain"}[n%2])
		r.score = all
		queue <- r
	}
	close(queue)
	crew.Wait()
	all.tell(t)
}
