package live

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// TestHandlersAreSeen: a program that imports exitreg, under observation.
func TestHandlersAreSeen(t *testing.T) {
	w := observe(t, Options{Argv: role("handlers", "a", "fail", "c"), Name: "given"})
	w.said("ready")
	w.until("the plan", func() bool { n := tree.Fold(w.events).Node("0"); return n != nil && n.Pending() == 3 })
	w.Stop()
	events, v := w.finish()
	n := tree.Fold(events).Node("0")
	var ran []string
	for _, h := range n.Ran() {
		ran = append(ran, h.Name)
	}
	if !slices.Equal(ran, []string{"c", "fail", "a"}) || n.Failures() != 1 || n.Lost() != 0 || !n.Left || !n.Reports {
		t.Errorf("ran %v, %d failed, %d lost, left %v", ran, n.Failures(), n.Lost(), n.Left)
	}
	if v.Sig != "SIGTERM" {
		t.Errorf("%+v", v)
	}
	last := time.Duration(0)
	for _, e := range events {
		if e.Prov != exitreg.ProvSelf || e.Kind == exitreg.KindSignal {
			continue
		}
		if e.At != 0 || e.T < last || e.T > 60*time.Second {
			t.Errorf("time of %+v, after %v", e, last)
		}
		last = e.T
	}
}

// TestWirePidsBecomeNodes: in the origin of shared handlers, and in waits.
func TestWirePidsBecomeNodes(t *testing.T) {
	w := observe(t, Options{Argv: role("family", "1", "share")})
	w.until("the plans of both", func() bool {
		now := tree.Fold(w.events)
		up, n := now.Node("0"), now.Node("0.0")
		return n != nil && n.Pending() == 2 && up.Pending() == 2
	})
	w.Stop()
	events, _ := w.finish()
	from, wait := 0, 0
	for _, e := range events {
		if e.From != "" {
			from++
			if e.From != "0" {
				t.Errorf("origin %q", e.From)
			}
		}
		if e.Kind == exitreg.KindWait {
			wait++
			if e.Text != "0.0" || e.Node != "0" {
				t.Errorf("wait %+v", e)
			}
		}
	}
	if from == 0 || wait != 1 {
		t.Errorf("%d origins, %d waits", from, wait)
	}
	if n := len(tree.Fold(events).Roots); n != 1 {
		t.Errorf("%d roots: a pid was taken for a node", n)
	}
}

// TestHostilePeer: what a process of the tree itself may send.
func TestHostilePeer(t *testing.T) {
	hello := `{"kind":"hello","pid":\p,"n":1,"name":"good"}`
	for name, c := range map[string]hostility{
		"garbage": {
			lines: []string{"\x01garbage", "{", `[]`, `{"kind":5}`, hello},
			note:  "no event",
		},
		"a line of 10 MB": {
			lines: []string{hello, "LONG 10000000"}, note: "64 KiB", dropped: true,
		},
		"a forged pid": {
			lines: []string{`{"kind":"leave","pid":1}`, hello}, note: "in the name of pid 1",
			absent: func(e *tree.Event) bool { return e.Kind == exitreg.KindLeave },
		},
		"the observer's own kinds": {
			lines: []string{`{"kind":"exit","pid":\p,"code":0}`, `{"kind":"eof"}`, `{"kind":"spawn","node":"9"}`, `{"kind":"note","text":"all is well"}`, hello},
			note:  "observer's to tell",
			absent: func(e *tree.Event) bool {
				return e.Node == "9" || e.Kind == exitreg.KindNote && e.Text == "all is well"
			},
		},
		"a remark of exitreg": {
			lines: []string{hello, `{"kind":"note","pid":\p,"n":2,"text":"exitreg: the orders did not come in time"}`, `{"kind":"register","pid":\p,"n":3,"id":"h1"}`},
			note:  "exitreg: the orders did not come in time",
			absent: func(e *tree.Event) bool {
				return e.Kind == exitreg.KindNote && (strings.Contains(e.Text, "refused") || strings.Contains(e.Text, "lost"))
			},
		},
		"forged keys": {
			lines: []string{`{"kind":"hello","pid":\p,"node":"0.7","seq":1,"t":-5,"at":99,"prov":"kernel","name":"good"}`},
			absent: func(e *tree.Event) bool {
				return e.Node == "0.7" || e.Kind == exitreg.KindHello && e.Prov != exitreg.ProvSelf
			},
		},
		"control characters": {
			lines: []string{`{"kind":"register","id":"h1","handler":"a\u001b]0;title\u0007\u009b31m\u202e","text":"` + strings.Repeat("x", 60000) + `"}`, hello},
			absent: func(e *tree.Event) bool {
				return strings.ContainsAny(e.Handler, "\x1b\x07\u009b\u202e") || len(e.Text) > maxText
			},
		},
		"a hole": {
			lines: []string{hello, `{"kind":"register","pid":\p,"n":12,"id":"h1"}`}, note: "10 events of good were lost",
		},
		"strangers": {
			lines: []string{`{"kind":"wait","id":"h1","text":"1"}`, `{"kind":"register","id":"h1","from":"1","shared":true}`, hello}, note: "not in the tree",
			absent: func(e *tree.Event) bool { return e.Kind == exitreg.KindWait || e.From == "1" },
		},
		"a kind from the future": {lines: []string{`{"kind":"sparkle","pid":\p,"text":"new"}`, hello}},
	} {
		t.Run(name, c.run)
	}
}

// hostility is what a process sends, and what comes of it.
type hostility struct {
	lines   []string
	note    string
	dropped bool
	absent  func(*tree.Event) bool
}

func (c hostility) run(t *testing.T) {
	w := observe(t, Options{Argv: role("peer", c.lines...)})
	w.kind("0", exitreg.KindHello)
	if c.note != "" {
		w.noted(c.note)
	}
	if c.dropped {
		w.said("dropped")
	} else {
		w.said("written")
	}
	for _, e := range w.sync() {
		if c.absent != nil && c.absent(&e) {
			t.Errorf("believed: %+v", e)
		}
	}
}

// TestTooManyConnections: of one process.
func TestTooManyConnections(t *testing.T) {
	w := sh(t, `exec "$@" "$MULTIEXIT_SOCK" 0 12`, role("dial")...)
	w.noted("too many")
	w.said("ended 4")
	for _, e := range w.sync() {
		if e.Text == "ended 5" {
			t.Error("more than four of twelve were refused")
		}
	}
}

// TestStrangersAreRefused: processes that are not of the tree, and those that are
// but belong to another user.
func TestStrangersAreRefused(t *testing.T) {
	w := sh(t, `sleep 1000`)
	c, err := net.Dial("unix", w.sock)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "{\"kind\":\"hello\",\"pid\":%d}\n", w.kind("0", exitreg.KindSpawn).PID)
	c.SetReadDeadline(time.Now().Add(deadline))
	if n, err := c.Read(make([]byte, 1)); err == nil {
		t.Errorf("read %d bytes", n)
	}
	if e := w.noted("refused"); !strings.Contains(e.Text, fmt.Sprint(os.Getpid())) {
		t.Errorf("%+v", e)
	}
	for _, e := range w.sync() {
		if e.Kind == exitreg.KindHello {
			t.Errorf("believed: %+v", e)
		}
	}
}

func TestOtherUsersAreRefused(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to become another user")
	}
	for _, open := range []bool{false, true} {
		g := newGate(t)
		w := sh(t, `read x <"$1"; exec "${@:2}" "$MULTIEXIT_SOCK" 65534 1`, append([]string{g.path}, role("dial")...)...)
		w.kind("0", exitreg.KindSpawn)
		dir := filepath.Dir(w.sock)
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Fatalf("%v %v", info, err)
		}
		if open { // as if somebody had opened the way to it
			os.Chmod(dir, 0o711)
			os.Chmod(w.sock, 0o666)
		}
		g.open()
		if open {
			w.noted("another user (uid 65534)")
			w.said("ended 1")
		} else {
			w.event("a failed connection", func(e *tree.Event) bool { return strings.HasPrefix(e.Text, "no connection:") })
		}
	}
}

// TestFastPeer: 100,000 events at full speed arrive whole and in order, and a
// reader that does not read slows down this peer only, not memory without end.
func TestFastPeer(t *testing.T) {
	n := 100_000
	if underRace {
		n = 20_000 // each takes several times as long
	}
	w := observe(t, Options{Argv: role("flood", fmt.Sprint(n))})
	events, v := w.finish()
	if v.Code != 0 {
		t.Errorf("%+v", v)
	}
	got := 0
	for _, e := range events {
		if e.Kind == exitreg.KindRegister {
			if got++; e.N != uint64(got+1) {
				t.Fatalf("event %d has n %d", got, e.N)
			}
		}
	}
	if got != n {
		t.Errorf("%d of %d events", got, n)
	}
}

func TestFastPeerWithoutReader(t *testing.T) {
	s, err := Start(Options{Argv: []string{"bash", "-c", `"$@" & sleep 1000 & wait`, "bash", self, roleWord, "flood", "3000000"}})
	if err != nil {
		t.Fatal(err)
	}
	// It is held up, which its neighbour is not.
	var first []tree.Event
	for batch := range s.Events() {
		first = append(first, batch...)
		if slices.ContainsFunc(first, func(e tree.Event) bool { return e.Kind == exitreg.KindRegister }) {
			break
		}
	}
	end := time.Now().Add(deadline)
	for held := false; !held; time.Sleep(10 * time.Millisecond) {
		s.mu.Lock()
		held = len(s.system.paused) == 1 && len(s.root.kids) == 2 // and the neighbour is seen all the same
		s.mu.Unlock()
		if time.Now().After(end) {
			t.Fatal("the peer is not held up")
		}
	}
	before := s.queue.newest()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	if n := before; n > 3*maxAhead {
		t.Errorf("%d events are queued", n)
	}
	s.Kill()
	v := s.Wait()
	events := first
	for batch := range s.Events() {
		events = append(events, batch...)
	}
	lawful(t, events)
	if v.Gone != v.Total {
		t.Errorf("%+v", v)
	}
	if !slices.ContainsFunc(events, func(e tree.Event) bool { return e.Kind == exitreg.KindSpawn && e.Node == "0.1" }) {
		t.Error("the birth of the neighbour was not told")
	}
}

func TestDo(t *testing.T) {
	w := observe(t, Options{Argv: role("peer", `{"kind":"hello","pid":\p}`)})
	w.kind("0", exitreg.KindHello)
	if err := w.Do("0", `{"do":"hold"}`); err != nil {
		t.Fatal(err)
	}
	w.said(`told {"do":"hold"}`)
	if err := w.Do("5", "x"); err == nil || !strings.Contains(err.Error(), "no such node") {
		t.Error(err)
	}
	mute := sh(t, "sleep 1000")
	if err := mute.Do("0", "x"); err == nil || !strings.Contains(err.Error(), "does not report") {
		t.Error(err)
	}
}

// FuzzPeer: whatever comes over a connection, in whatever pieces, nothing panics
// and nothing unclean gets into the stream.
func FuzzPeer(f *testing.F) {
	for _, seed := range []string{
		`{"kind":"hello","pid":7,"name":"x","argv":["a","b\u001b"]}`, "{}\n[]\nnull\n1\n", `{"kind":"end","err":"\u009b"}`,
		`{"kind":"wait","text":"7"}`, `{"kind":"register","from":"7","shared":true}`, strings.Repeat("x", 70000),
	} {
		f.Add([]byte(seed+"\n"), 5)
	}
	f.Fuzz(func(t *testing.T, data []byte, piece int) {
		s := newSession(Config{})
		s.system.observer = &scan{s: s}
		s.header.Start = time.Now()
		p := s.enterRoot("0", 7, 1)
		c := &conn{p: p}
		for piece = max(piece, 1); len(data) > 0; data = data[min(piece, len(data)):] {
			if !s.feed(c, data[:min(piece, len(data))]) {
				break
			}
		}
		s.passOn()
		s.queue.close()
		for batch := range s.Events() {
			for _, e := range batch {
				if e.Node != "0" && e.Kind != exitreg.KindNote || !plain(string(e.Kind)) {
					t.Fatalf("%+v", e)
				}
				for _, text := range append(e.Argv, e.Name, e.Handler, e.ID, e.Err, e.Text, e.Src, e.Sig, e.From, e.Sender) {
					if text != clean(text, maxText+64) {
						t.Fatalf("%q in %+v", text, e)
					}
				}
			}
		}
	})
}
