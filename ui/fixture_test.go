package ui

import (
	"cmp"
	"math/rand"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// firstSignal is when SIGTERM is sent to the root of the mall.
const firstSignal = 3 * time.Second

// stall is one process of a fixture: its handlers in the order in which they
// run, those it shares, and what SIGTERM does to it if it has none.
type stall struct {
	name   string
	term   tree.Disposition
	local  string
	shared string
	kids   []stall
}

// mall is a recording of two dozen processes over four levels: shared handlers
// from three ancestors, two that fail, one process that ignores SIGTERM, one
// that blocks it, some with the default action. The root gets SIGTERM and every
// process sends it on to its children.
func mall() []tree.Event {
	workers := func(name string, n, from int, local string) (all []stall) {
		for i := range n {
			all = append(all, stall{name: name + strconv.Itoa(from+i), local: local})
		}
		return all
	}
	const worker = "drain-conns flush-wal close-db-pool unlink-socket"
	gateway := stall{name: "api-gateway", local: "stop-accepting wait-children close-listener", shared: "deregister-dns",
		kids: append(workers("worker-", 4, 1, worker), stall{name: "tls-renewer"}, stall{name: "access-log", local: "rotate-log"})}
	broker := stall{name: "queue-broker", local: "wait-children snapshot-index", shared: "commit-offsets",
		kids: append(workers("partition-", 3, 0, "notify-peers flush-wal sync-fs"),
			stall{name: "compactor", local: "cancel-jobs snapshot-index", kids: []stall{{name: "merge-1"}, {name: "merge-2"}}})}
	jobs := stall{name: "scheduler", local: "cancel-jobs wait-children save-cursor", shared: "revoke-token", kids: []stall{
		{name: "cron", local: "save-cursor"},
		{name: "job-4411", local: "cancel-jobs unmount-tmp", kids: []stall{{name: "ffmpeg", term: tree.Ignored}}},
		{name: "job-4412", local: "cancel-jobs unmount-tmp"},
	}}
	return record(stall{
		name: "supervisor", local: "wait-children audit-trail remove-pidfile", shared: "release-lease flush-metrics",
		kids: []stall{gateway, broker, jobs,
			{name: "pg-proxy", local: "drain-conns close-db-pool unlink-socket", kids: workers("pg-conn-", 2, 1, "close-db-pool")},
			{name: "metrics-agent", local: "flush-metrics", kids: []stall{{name: "exporter", local: "close-listener"}}},
			{name: "log-shipper", local: "drain-conns rotate-log save-cursor"},
			{name: "sidecar-envoy", term: tree.Blocked},
		},
	})
}

var takes = map[string]int{
	"stop-accepting": 40, "drain-conns": 620, "close-listener": 55, "flush-wal": 1240, "commit-offsets": 310,
	"snapshot-index": 880, "unlink-socket": 25, "remove-pidfile": 18, "release-lease": 140, "flush-metrics": 210,
	"deregister-dns": 260, "close-db-pool": 330, "rotate-log": 70, "save-cursor": 160, "cancel-jobs": 450,
	"notify-peers": 800, "revoke-token": 190, "sync-fs": 520, "unmount-tmp": 90, "audit-trail": 120,
}

var sources = map[string]string{
	"flush-wal": "store/wal.go:88", "drain-conns": "http/server.go:214", "stop-accepting": "http/server.go:197",
	"commit-offsets": "queue/consumer.go:140", "snapshot-index": "index/snap.go:61", "release-lease": "lease/lease.go:52",
	"flush-metrics": "metrics/push.go:33", "deregister-dns": "dns/registry.go:77", "close-db-pool": "db/pool.go:119",
	"notify-peers": "raft/peers.go:203", "wait-children": "supervise/tree.go:45", "close-listener": "http/server.go:181",
}

// recorder plays a stall and writes down what happens.
type recorder struct {
	events []tree.Event
	rng    *rand.Rand
	pid    int
	nodes  int
}

func record(root stall) []tree.Event {
	r := &recorder{rng: rand.New(rand.NewSource(7)), pid: 41200}
	r.play(root, "0", firstSignal, "multiexit", nil)
	slices.SortStableFunc(r.events, func(a, b tree.Event) int { return cmp.Compare(a.T, b.T) })
	for i := range r.events {
		r.events[i].Seq = uint64(i + 1)
	}
	return r.events
}

// gift is a shared handler on its way down.
type gift struct{ name, from string }

func (r *recorder) add(t time.Duration, e tree.Event) {
	e.T = t
	r.events = append(r.events, e)
}

// play lets a process be born, register, get SIGTERM at a time and exit; it
// returns when that is, or 0 if it stays.
func (r *recorder) play(s stall, id string, at time.Duration, sender string, gifts []gift) time.Duration {
	r.nodes++
	birth := time.Duration(r.nodes) * 2 * time.Millisecond
	r.add(birth, tree.Event{Kind: "spawn", Node: id, PID: r.pid, Name: s.name, Argv: []string{"./" + s.name, "--config", "/etc/shop.toml"}})
	r.pid += 1 + r.rng.Intn(9)
	if s.local == "" && s.term == "" {
		s.term = tree.Default
	}
	if s.local != "" {
		s.term = tree.Caught
		r.add(birth, tree.Event{Kind: "hello", Node: id, Name: s.name, Timeout: 10 * time.Second})
		r.register(s, id, birth, gifts)
	}
	r.add(birth, tree.Event{Kind: "disposition", Node: id, Sig: "SIGTERM", Text: string(s.term)})
	for _, name := range backwards(s.shared) {
		gifts = append([]gift{{name, id}}, gifts...)
	}
	r.add(at, tree.Event{Kind: "signal", Node: id, Sig: "SIGTERM", Sender: sender})
	var last time.Duration
	for i, kid := range s.kids {
		send := at + 180*time.Millisecond + time.Duration(i)*60*time.Millisecond
		last = max(last, r.play(kid, id+"."+strconv.Itoa(i), send, id, gifts))
	}
	switch s.term {
	case tree.Default:
		r.add(at+30*time.Millisecond, tree.Event{Kind: "exit", Node: id, Sig: "SIGTERM"})
		return at + 30*time.Millisecond
	case tree.Caught:
		return r.run(s, id, at, last)
	}
	return 0
}

// register tells the handlers: inherited ones, then its own from the bottom of
// the stack, so that they come off in the order of the stall.
func (r *recorder) register(s stall, id string, at time.Duration, gifts []gift) {
	local, shared := backwards(s.local), backwards(s.shared)
	n := len(local) + len(shared) + len(gifts)
	put := func(name, from string, share bool) {
		src := sources[name]
		if src == "" {
			src = "main.go:" + strconv.Itoa(40+r.rng.Intn(200))
		}
		r.add(at, tree.Event{Kind: "register", Node: id, ID: "h" + strconv.Itoa(n), Handler: name, Shared: share, From: from, Src: src, Timeout: 5 * time.Second})
		n--
	}
	for i := len(gifts) - 1; i >= 0; i-- {
		put(gifts[i].name, gifts[i].from, true)
	}
	for _, name := range shared {
		put(name, id, true)
	}
	for _, name := range local {
		put(name, "", false)
	}
}

func backwards(names string) []string {
	all := strings.Fields(names)
	slices.Reverse(all)
	return all
}

// run lets the handlers run one after the other; ids are in the order of running.
func (r *recorder) run(s stall, id string, at, kidsGone time.Duration) time.Duration {
	r.add(at+2*time.Millisecond, tree.Event{Kind: "deliver", Node: id, Sig: "SIGTERM"})
	names := strings.Fields(s.local)
	var others []string
	for _, e := range r.events {
		if e.Node == id && e.Shared {
			others = append([]string{e.Handler}, others...)
		}
	}
	names = append(names, others...)
	t, code := at+12*time.Millisecond, 0
	for i, name := range names {
		h := "h" + strconv.Itoa(i+1)
		took := time.Duration(takes[name]*(70+r.rng.Intn(70))/100)*time.Millisecond + time.Duration(r.rng.Intn(9999))*time.Microsecond
		fail := ""
		switch {
		case name == "wait-children":
			took = max(5*time.Millisecond, kidsGone+4*time.Millisecond-t)
		case i == 0 && s.name == "partition-1":
			fail = "dial 10.0.3.7:7946: i/o timeout"
		case i == 0 && s.name == "pg-conn-2":
			fail = "context deadline exceeded"
		}
		r.add(t, tree.Event{Kind: "begin", Node: id, ID: h, Handler: name})
		if name == "wait-children" {
			for k := range s.kids {
				r.add(t, tree.Event{Kind: "wait", Node: id, ID: h, Text: id + "." + strconv.Itoa(k)})
			}
		}
		t += took
		r.add(t, tree.Event{Kind: "end", Node: id, ID: h, Elapsed: took, Err: fail})
		if fail != "" {
			code = 1
		}
	}
	r.add(t+time.Millisecond, tree.Event{Kind: "leave", Node: id, Code: &code})
	r.add(t+9*time.Millisecond, tree.Event{Kind: "exit", Node: id, Code: &code})
	return t + 9*time.Millisecond
}

// scene is a moment of a tape on a screen of some size.
type scene struct {
	w, h    int
	at      time.Duration // since the first signal
	theme   string
	profile canvas.Profile
	ascii   bool
	still   bool   // without motion
	cursor  string // name of the selected process
	replay  bool   // as a recording, else live
	events  []tree.Event
}

// stage makes the model of a scene; it is not painted yet.
func stage(t testing.TB, s scene) *Model {
	t.Helper()
	if s.events == nil {
		s.events = mall()
	}
	m := New(Options{
		Title: "shop", Theme: s.theme, Profile: s.profile, ASCII: s.ascii, Motion: !s.still,
		About: [2]string{
			"Send SIGTERM to supervisor: in every process its own handlers run newest first, then those it inherited, and parents wait for their children.",
			"partition-1 fails one handler and still runs the others; tls-renewer has none and just ends; ffmpeg ignores SIGTERM until it is killed.",
		},
		Header: tree.Header{Start: epoch, Observer: "linux scan+pidfd"},
		Feed:   NewFeed(), Driver: &spy{}, Now: func() time.Time { return epoch },
		Signals: []string{"SIGHUP", "SIGINT", "SIGQUIT", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGTERM", "SIGCONT", "SIGSTOP", "SIGWINCH"},
	})
	now := firstSignal + s.at
	i := len(s.events)
	if s.replay {
		m.opts.Feed, m.opts.Driver = nil, nil
		m.keys = newKeys()
		m.allow()
		m.play = play{speed: trueSpeed}
		m.tree, m.head = m.aside, nil
		m.memory.Restore(m.tree, 0)
	} else {
		for i > 0 && s.events[i-1].T > now {
			i--
		}
	}
	m.record(s.events[:i])
	m.width, m.height, m.now = s.w, s.h, now
	m.forward(m.before(now))
	m.refresh()
	for r := range m.rows {
		if m.rows[r].node.Name == s.cursor {
			m.choose(r)
		}
	}
	m.refresh()
	return m
}
