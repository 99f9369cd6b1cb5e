// Package worlds makes long recordings that are like real ones, for tests and
// benchmarks: what a session looks like that ran for days, or was large.
package worlds

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// World is a kind of session.
type World struct {
	Name string
	tell func(*writer)
}

// All are the kinds there are.
var All = []World{
	{"short", short},
	{"long", long},
	{"flood", flood},
	{"wide", wide},
}

// Tell tells n events of a world, the last one an eof; the same ones each time.
// The event is used again.
func (w World) Tell(n int, to func(*tree.Event)) {
	s := &writer{to: to, left: n - 1, size: n, told: map[string]uint64{}, pid: 4000, rnd: rand.New(rand.NewPCG(1, 2))}
	w.tell(s)
	for s.left > 0 { // to the event
		s.out("0", "still here")
	}
	s.left = 1
	s.see(tree.Event{Kind: exitreg.KindEOF})
}

// Events are the events of Tell, all at once.
func (w World) Events(n int) []tree.Event {
	list := make([]tree.Event, 0, n)
	w.Tell(n, func(e *tree.Event) { list = append(list, *e) })
	return list
}

// writer tells events as an observer does, with a clock of its own, until there
// are enough.
type writer struct {
	to   func(*tree.Event)
	left int // events that may still be told, without the eof
	size int
	seq  uint64
	now  time.Duration
	pid  int
	told map[string]uint64 // by each process
	rnd  *rand.Rand
	e    tree.Event
}

func (s *writer) see(e tree.Event) {
	if s.left == 0 {
		return
	}
	s.left--
	s.seq++
	s.now += time.Duration(20+s.rnd.IntN(400)) * time.Microsecond
	e.Seq, e.T = s.seq, s.now
	s.e = e
	s.to(&s.e)
}

func (s *writer) tell(e tree.Event) {
	s.told[e.Node]++
	e.N, e.Prov = s.told[e.Node], exitreg.ProvSelf
	s.see(e)
}

func (s *writer) out(node, text string) {
	s.see(tree.Event{Kind: exitreg.KindOut, Node: node, Stream: "stdout", Text: text})
}

// program is a process with a registry.
func (s *writer) program(node, name string) {
	s.pid++
	s.see(tree.Event{Kind: exitreg.KindSpawn, Node: node, PID: s.pid, Name: name, Argv: []string{"/usr/bin/" + name, "--config", "/etc/" + name + ".toml"}, Prov: exitreg.ProvKernel})
	s.tell(tree.Event{Kind: exitreg.KindHello, Node: node, PID: s.pid, Name: name, Text: "SIGTERM SIGINT", Timeout: 10 * time.Second})
	s.see(tree.Event{Kind: exitreg.KindDisposition, Node: node, PID: s.pid, Sig: "SIGTERM", Text: "caught", Prov: exitreg.ProvScan})
}

func (s *writer) register(node string, h int, from string) {
	e := tree.Event{Kind: exitreg.KindRegister, Node: node, ID: "h" + strconv.Itoa(h), Handler: handlerNames[h%len(handlerNames)], Src: "internal/app/main.go:" + strconv.Itoa(40+h%len(handlerNames)*7)}
	if from != "" {
		e.Shared, e.From = true, from
	}
	s.tell(e)
}

func (s *writer) ask(node string) {
	s.see(tree.Event{Kind: exitreg.KindSignal, Node: node, Sig: "SIGTERM", Sender: "multiexit", Scope: "subtree", Prov: exitreg.ProvSelf})
	s.tell(tree.Event{Kind: exitreg.KindDeliver, Node: node, Sig: "SIGTERM"})
}

func (s *writer) begin(node string, h int) {
	s.tell(tree.Event{Kind: exitreg.KindBegin, Node: node, ID: "h" + strconv.Itoa(h), Handler: handlerNames[h%len(handlerNames)]})
}

func (s *writer) end(node string, h int) {
	e := tree.Event{Kind: exitreg.KindEnd, Node: node, ID: "h" + strconv.Itoa(h), Handler: handlerNames[h%len(handlerNames)], Elapsed: time.Duration(1+s.rnd.IntN(90_000)) * time.Microsecond}
	if s.rnd.IntN(50) == 0 {
		e.Err = "dial tcp 10.0.3.7:5432: i/o timeout"
	}
	s.tell(e)
}

func (s *writer) leave(node string) {
	s.tell(tree.Event{Kind: exitreg.KindLeave, Node: node, Sig: "SIGTERM"})
	s.see(tree.Event{Kind: exitreg.KindExit, Node: node, Sig: "SIGTERM", Prov: exitreg.ProvWait})
}

var handlerNames = []string{"flush-wal", "drain-conns", "close-db-pool", "unlink-socket", "save-cursor", "cancel-jobs", "sync-fs", "rotate-log", "release-lease", "flush-metrics"}

// short is a build or a CI job: a process after the other, most of which print
// something, have a handler or none, and exit.
func short(s *writer) {
	s.program("0", "make")
	s.register("0", 1, "")
	for i := 0; s.left > 40; i++ {
		id := "0." + strconv.Itoa(i)
		s.pid++
		s.see(tree.Event{Kind: exitreg.KindSpawn, Node: id, PID: s.pid, Name: "cc1", Argv: []string{"cc1", "-O2", fmt.Sprintf("src/unit_%d.c", i)}, Prov: exitreg.ProvKernel})
		if i%3 == 0 {
			s.tell(tree.Event{Kind: exitreg.KindHello, Node: id, PID: s.pid, Name: "cc1"})
			s.register(id, 1, "")
		}
		for range s.rnd.IntN(4) {
			s.out("0", fmt.Sprintf("  CC      src/unit_%d.o", i))
		}
		if i%3 == 0 {
			s.tell(tree.Event{Kind: exitreg.KindDeliver, Node: id, Text: "exit", Code: new(int)})
			s.begin(id, 1)
			s.end(id, 1)
		}
		code := 0
		if i%97 == 0 {
			code = 1
		}
		s.see(tree.Event{Kind: exitreg.KindExit, Node: id, Code: &code, Prov: exitreg.ProvWait})
	}
	s.ask("0")
	s.begin("0", 1)
	s.end("0", 1)
	s.leave("0")
}

// long is a few servers that run for days: handlers come and go with connections,
// then all of them shut down.
func long(s *writer) {
	const servers = 12
	ids := make([]string, servers)
	open := make([][]int, servers)
	next := make([]int, servers)
	for i := range servers {
		ids[i] = strconv.Itoa(i)
		s.program(ids[i], "server-"+strconv.Itoa(i))
	}
	for s.left > servers*(4+2*45) {
		i := s.rnd.IntN(servers)
		if n := len(open[i]); n > 20 && s.rnd.IntN(2) == 0 || n > 40 {
			k := s.rnd.IntN(n)
			s.tell(tree.Event{Kind: exitreg.KindUnregister, Node: ids[i], ID: "h" + strconv.Itoa(open[i][k]), Handler: handlerNames[open[i][k]%len(handlerNames)]})
			open[i] = append(open[i][:k], open[i][k+1:]...)
			continue
		}
		next[i]++
		s.register(ids[i], next[i], "")
		open[i] = append(open[i], next[i])
	}
	for i, id := range ids {
		s.ask(id)
		for k := len(open[i]) - 1; k >= 0; k-- {
			s.begin(id, open[i][k])
			s.end(id, open[i][k])
		}
		s.leave(id)
	}
}

// flood is a few processes that print all the time.
func flood(s *writer) {
	const servers = 8
	for i := range servers {
		s.program(strconv.Itoa(i), "server-"+strconv.Itoa(i))
		for h := range 6 {
			s.register(strconv.Itoa(i), h+1, "")
		}
	}
	for s.left > servers*20 {
		s.out(strconv.Itoa(s.rnd.IntN(servers)), fmt.Sprintf("GET /api/v1/items/%d 200 %d us", s.rnd.IntN(1e6), s.rnd.IntN(9000)))
	}
	for i := range servers {
		id := strconv.Itoa(i)
		s.ask(id)
		for h := 6; h > 0; h-- {
			s.begin(id, h)
			s.end(id, h)
		}
		s.leave(id)
	}
}

// wide is a large tree whose processes all shut down at once: of a million events
// it has 27,000 processes with ten handlers each.
func wide(s *writer) {
	const handlers = 10
	n := s.size / 37
	ids := make([]string, 0, n+1)
	ids = append(ids, "0")
	kids := make([]int, n+1)
	for i := 0; len(ids) < n; i++ {
		for range 8 {
			ids = append(ids, ids[i]+"."+strconv.Itoa(kids[i]))
			kids[i]++
		}
	}
	ids = ids[:max(1, n)]
	for i, id := range ids {
		s.program(id, "worker-"+strconv.Itoa(i))
		for h := 1; h <= handlers; h++ {
			from := ""
			if h <= 3 && i > 0 {
				from = "0"
			}
			s.register(id, h, from)
		}
	}
	for _, id := range ids {
		s.ask(id)
	}
	for h := handlers; h > 0; h-- {
		for _, id := range ids {
			s.begin(id, h)
		}
		for _, id := range ids {
			s.end(id, h)
		}
	}
	for _, id := range ids {
		s.leave(id)
	}
}
