package supervise

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/live"
	"multiexit/tree/spec"
)

// roleWord marks the test binary's own children: what follows is a role and its
// arguments.
const roleWord = "-supervise.role"

func TestMain(m *testing.M) {
	live.Keeper(os.Args)
	if len(os.Args) > 2 && os.Args[1] == roleWord {
		roles[os.Args[2]](os.Args[3:])
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var roles = map[string]func(args []string){
	"handler": func(args []string) { // registers an exit handler by this name
		exitreg.Install()
		exitreg.Register(args[0], func(context.Context) error { return nil })
		select {}
	},
	"tcp": func(args []string) { // listens on this address
		l, err := net.Listen("tcp", args[0])
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		defer l.Close()
		waitTerm()
	},
	"http": func(args []string) { // serves at this address
		l, err := net.Listen("tcp", args[0])
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		mux := http.NewServeMux()
		mux.HandleFunc("/ready", func(http.ResponseWriter, *http.Request) {})
		go http.Serve(l, mux)
		waitTerm()
	},
}

func waitTerm() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGTERM)
	<-c
}

var self, _ = os.Executable()

func role(name string, args ...string) []string {
	return append([]string{self, roleWord, name}, args...)
}

// patient is the deadline for what must happen at all.
const patient = 40 * time.Second

// watching is a supervisor of real processes and what its stream has told.
type watching struct {
	*Supervisor
	t *testing.T

	mu     sync.Mutex
	events []tree.Event
	eof    bool
	news   chan struct{}
}

// watch starts a file. When the test ends everything is killed, and nothing may
// be left.
func watch(t *testing.T, f *spec.File, o Options) *watching {
	t.Helper()
	if o.Config.Grace == 0 {
		o.Config.Grace = 20 * time.Second
	}
	s := New(f, o)
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	w := &watching{Supervisor: s, t: t, news: make(chan struct{}, 1)}
	go w.collect()
	t.Cleanup(func() {
		s.Kill()
		v := w.finish()
		w.until("the end of the stream", func(*tree.Tree) bool { return w.eof })
		if len(v.Survivors) > 0 || v.Total != v.Gone {
			t.Errorf("%+v", v)
		}
		for _, n := range tree.Fold(w.events).Nodes {
			if n.State != tree.Unborn && syscall.Kill(n.PID, 0) == nil && !t.Failed() {
				t.Errorf("%s %s (pid %d) is left", n.ID, n.Name, n.PID)
			}
		}
		if t.Failed() {
			for _, e := range w.events {
				line, _ := json.Marshal(e)
				t.Logf("%s", line)
			}
		}
	})
	return w
}

func (w *watching) collect() {
	for batch := range w.Events() {
		w.mu.Lock()
		w.events = append(w.events, batch...)
		w.mu.Unlock()
		w.wake()
	}
	w.mu.Lock()
	w.eof = true
	w.mu.Unlock()
	w.wake()
}

func (w *watching) wake() {
	select {
	case w.news <- struct{}{}:
	default:
	}
}

// until waits until ok holds of the tree.
func (w *watching) until(what string, ok func(*tree.Tree) bool) {
	w.t.Helper()
	end := time.After(patient)
	for {
		w.mu.Lock()
		done := ok(tree.Fold(w.events))
		w.mu.Unlock()
		if done {
			return
		}
		select {
		case <-w.news:
		case <-end:
			w.t.Fatalf("%s did not come", what)
		}
	}
}

// state waits until a command is in a state.
func (w *watching) state(name string, state tree.CommandState) {
	w.t.Helper()
	w.until(name+" is "+string(state), func(t *tree.Tree) bool {
		c := t.Command(name)
		return c != nil && c.State == state
	})
}

// finish waits for the end.
func (w *watching) finish() live.Verdict {
	w.t.Helper()
	over := make(chan live.Verdict, 1)
	go func() { over <- w.Wait() }()
	select {
	case v := <-over:
		return v
	case <-time.After(patient):
		w.t.Error("it does not end")
		return live.Verdict{}
	}
}

// order is where events of a kind about a command's first process stand in the
// stream; 0: nowhere.
func (w *watching) order(kind exitreg.Kind, name string) uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	node := tree.Fold(w.events).Command(name).Node.ID
	for _, e := range w.events {
		if e.Kind == kind && e.Node == node {
			return e.Seq
		}
	}
	return 0
}

// says is where a command got into a state; 0: never.
func (w *watching) says(name string, state tree.CommandState) uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.events {
		if e.Kind == exitreg.KindCommand && e.Name == name && e.Text == string(state) {
			return e.Seq
		}
	}
	return 0
}

// freePort is an address that nobody listens on.
func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "127.0.0.1:" + strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}
