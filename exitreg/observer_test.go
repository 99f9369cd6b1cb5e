//go:build unix

package exitreg_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
)

// observer is the other end of MULTIEXIT_SOCK, for one process.
type observer struct {
	t      *testing.T
	path   string
	events chan exitreg.Event // closed at the end of the connection
	conns  chan net.Conn
	conn   net.Conn
	seen   []exitreg.Event
}

// socketPath is short: a socket's path has about a hundred bytes.
func socketPath(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "exitreg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir + "/s"
}

func observe(t *testing.T) *observer {
	t.Helper()
	o := &observer{t: t, path: socketPath(t), events: make(chan exitreg.Event, 100_000), conns: make(chan net.Conn, 1)}
	l, err := net.Listen("unix", o.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go o.serve(l)
	return o
}

func (o *observer) serve(l net.Listener) {
	defer close(o.events)
	c, err := l.Accept()
	if err != nil {
		return
	}
	o.conns <- c
	in := bufio.NewScanner(c)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var e exitreg.Event
		if err := json.Unmarshal(in.Bytes(), &e); err != nil {
			o.t.Errorf("not an event: %v: %q", err, in.Text())
		}
		if n := len(in.Bytes()) + 1; n > 64<<10 {
			o.t.Errorf("a line of %d bytes", n)
		}
		o.events <- e
	}
}

func (o *observer) env() string { return "MULTIEXIT_SOCK=" + o.path }

// say sends a line to the process.
func (o *observer) say(format string, a ...any) {
	o.t.Helper()
	o.connected()
	if _, err := fmt.Fprintf(o.conn, format+"\n", a...); err != nil {
		o.t.Fatal(err)
	}
}

func (o *observer) connected() net.Conn {
	o.t.Helper()
	if o.conn == nil {
		select {
		case o.conn = <-o.conns:
		case <-time.After(patience):
			o.t.Fatal("nobody connected")
		}
	}
	return o.conn
}

// next is the next event; ok is false at the end of the connection.
func (o *observer) next() (e exitreg.Event, ok bool) {
	o.t.Helper()
	select {
	case e, ok = <-o.events:
		if ok {
			o.seen = append(o.seen, e)
		}
		return e, ok
	case <-time.After(patience):
		o.t.Fatalf("no event within %v; seen %s", patience, o.story())
	}
	return e, ok
}

// await reads up to the next event of a kind.
func (o *observer) await(k exitreg.Kind) exitreg.Event {
	o.t.Helper()
	e, ok := o.reaches(k)
	if !ok {
		o.t.Fatalf("the connection ended before %s; seen %s", k, o.story())
	}
	return e
}

// reaches is await of an event that may not come.
func (o *observer) reaches(k exitreg.Kind) (e exitreg.Event, ok bool) {
	o.t.Helper()
	for ok = true; ok && e.Kind != k; {
		e, ok = o.next()
	}
	return e, ok
}

// all reads to the end and checks what holds for every stream: no hole in n, one
// pid, times that never run back, and pairs of begin and end that do not overlap
// (T69, rule 27).
func (o *observer) all() []exitreg.Event {
	o.t.Helper()
	for {
		if _, ok := o.next(); !ok {
			break
		}
	}
	var open string
	for i, e := range o.seen {
		if e.N != uint64(i+1) {
			o.t.Fatalf("event %d has n %d", i+1, e.N)
		}
		if e.PID != o.seen[0].PID || e.At == 0 || e.Seq != 0 || e.T != 0 || e.Node != "" {
			o.t.Errorf("badly stamped: %+v", e)
		}
		if i > 0 && e.At < o.seen[i-1].At {
			o.t.Errorf("time ran back at n %d", e.N)
		}
		switch {
		case e.Kind == exitreg.KindBegin && open == "":
			open = e.ID
		case e.Kind == exitreg.KindEnd && open == e.ID:
			open = ""
		case e.Kind == exitreg.KindBegin, e.Kind == exitreg.KindEnd:
			o.t.Errorf("%s of %s while %q is open", e.Kind, e.ID, open)
		}
	}
	if len(o.seen) > 0 && o.seen[0].Kind != exitreg.KindHello {
		o.t.Errorf("the first event is %s", o.seen[0].Kind)
	}
	return o.seen
}

// story is what was seen, in short: "hello register:a deliver:SIGTERM begin:a".
func (o *observer) story() string {
	var b strings.Builder
	for _, e := range o.seen {
		b.WriteString(" " + string(e.Kind))
		switch {
		case e.Handler != "":
			b.WriteString(":" + e.Handler)
		case e.Sig != "":
			b.WriteString(":" + e.Sig)
		case e.Code != nil:
			fmt.Fprintf(&b, ":%d", *e.Code)
		}
	}
	return strings.TrimSpace(b.String())
}
