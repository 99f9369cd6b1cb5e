package live

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

var (
	tortureRounds = flag.Int("torture.rounds", 0, "how often TestTorture starts a tree and ends it; 0: as many as fit into a normal run")
	tortureSeed   = flag.Uint64("torture.seed", 0, "what TestTorture draws its moments from; 0: the clock")
)

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
		t.Logf("%-20s %4d rounds; processes alive when the session had just ended: %d", kind, s.rounds[kind], s.left[kind])
		if strings.Contains(kind, "kill") {
			killed += s.left[kind]
		}
	}
	if killed == 0 && len(kinds) > 9 { // in a few rounds it may be chance
		t.Error("no process was left to any keeper: the trees never grew")
	}
}

func newRound(r *rand.Rand, n int, cgroup string) round {
	return round{
		mark:   fmt.Sprintf("1000.%07d%05d%s", os.Getpid(), n, map[string]string{"cgroup": "1", "plain": "2", "enclosed": "3"}[cgroup]),
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
		r := newRound(random, n, []string{"cgroup", "plain", "enclosed"}[n%3])
		r.score = all
		queue <- r
	}
	close(queue)
	crew.Wait()
	all.tell(t)
}
