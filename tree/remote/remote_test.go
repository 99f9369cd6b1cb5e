package remote

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/tape"
)

// fake is a session that writes down what it was asked.
type fake struct {
	mu    sync.Mutex
	asked []string
	block chan struct{} // Details waits for it, if it is not nil
}

func (f *fake) note(format string, args ...any) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, fmt.Sprintf(format, args...))
	return nil
}

func (f *fake) list() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.asked)
}

func (f *fake) Signal(node, sig, scope string) error {
	if node == "9" {
		return errors.New("9: no such process\x1b[31m")
	}
	return f.note("signal %s %s %s", node, sig, scope)
}
func (f *fake) Do(verb, target string, args []string) error {
	return f.note("do %s %s %q", verb, target, args)
}
func (f *fake) Order(pattern, line string) error          { return f.note("order %s %s", pattern, line) }
func (f *fake) Extend(node string, d time.Duration) error { return f.note("extend %s %v", node, d) }
func (f *fake) Next(node string) error                    { return f.note("next %s", node) }
func (f *fake) Stop()                                     { f.note("stop") }
func (f *fake) Kill()                                     { f.note("kill") }
func (f *fake) Details(node string) (any, error) {
	if f.block != nil {
		<-f.block
	}
	return tree.Details{PID: 7, Argv: []string{node}, Env: []string{strings.Repeat("x", 100_000)}}, nil
}
func (f *fake) Preview(sig, scope string, nodes []string) (any, error) {
	list := []tree.Target{}
	for _, node := range nodes {
		list = append(list, tree.Target{Node: node, Effect: tree.EffectCaught})
	}
	return list, nil
}
func (f *fake) Usage(node string) (any, error) {
	return struct {
		CPU     float64
		RSS     uint64
		User    string
		Cmdline string
	}{1.5, 1 << 40, "root", node}, nil
}
func (f *fake) Input(node string, data []byte) error { return f.note("input %s %q", node, data) }
func (f *fake) Resize(node string, cols, rows int) error {
	return f.note("resize %s %dx%d", node, cols, rows)
}

var header = tree.Header{Version: 1, Start: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC), Argv: []string{"npm", "run", "dev"}, Host: "h", Observer: "test"}

// stage is a served session, with its recording.
type stage struct {
	*Server
	session *fake
	spool   *tape.Spool
	file    string
	dir     string
}

func serve(t testing.TB, change func(*ServeOptions)) *stage {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "remote-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	f, err := os.Create(filepath.Join(dir, "spool"))
	if err != nil {
		t.Fatal(err)
	}
	spool, err := tape.NewSpool(f, header, 0)
	if err != nil {
		t.Fatal(err)
	}
	st := &stage{session: &fake{}, spool: spool, file: f.Name(), dir: filepath.Join(dir, "s")}
	o := ServeOptions{Session: st.session, Spool: spool, Header: header, Dir: st.dir}
	if change != nil {
		change(&o)
	}
	if st.Server, err = Serve(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		spool.Close()
		st.Close()
		f.Close()
	})
	return st
}

func dial(t testing.TB, st *stage, readonly bool) *Client {
	t.Helper()
	c, err := Dial(st.Path(), readonly)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func lines(from, n int) (list []tree.Event) {
	for i := from; i < from+n; i++ {
		list = append(list, tree.Event{Seq: uint64(i), T: time.Duration(i), Kind: exitreg.KindOut, Node: "0", Stream: "stdout", Text: fmt.Sprintf("line %d of the flood, with some words", i)})
	}
	return list
}

// raw connects and says text.
func raw(t testing.TB, st *stage, text string) net.Conn {
	t.Helper()
	nc, err := net.Dial("unix", st.Path())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	nc.SetDeadline(time.Now().Add(time.Minute))
	io.WriteString(nc, text) // it may be dropped before it has said all
	return nc
}

// Two screens and a script see the same stream, from wherever they come in.
func TestSameStream(t *testing.T) {
	st := serve(t, nil)
	list := lines(1, 5000)
	st.spool.Write(list[:1000])
	var wg sync.WaitGroup
	got := make([][]tree.Event, 2)
	screens := []*Client{dial(t, st, false), dial(t, st, true)}
	for i, c := range screens {
		if c.Seq() != 1000 || !reflect.DeepEqual(c.Header(), header) || c.PID() != os.Getpid() || c.ReadOnly() != (i == 1) {
			t.Errorf("seq %d, header %+v", c.Seq(), c.Header())
		}
		events := c.Events()
		wg.Go(func() {
			for batch := range events {
				got[i] = append(got[i], batch...)
			}
		})
	}
	var script bytes.Buffer
	ctl := dial(t, st, true)
	wg.Go(func() {
		if err := ctl.CopyEvents(&script, 0); err != nil {
			t.Error(err)
		}
	})
	for i := 1000; i < len(list); i += 100 {
		st.spool.Write(list[i : i+100])
	}
	st.spool.Close()
	wg.Wait()
	for i, events := range got {
		if !reflect.DeepEqual(events, list) || screens[i].Err() != nil {
			t.Errorf("screen %d got %d events, %v", i, len(events), screens[i].Err())
		}
	}
	if disk, err := os.ReadFile(st.file); err != nil || !bytes.Equal(disk, script.Bytes()) {
		t.Errorf("the script got %d bytes of %d", script.Len(), len(disk))
	}
	st.Close()
	for _, c := range screens {
		<-c.Closed()
	}
	if _, err := os.Lstat(st.Path()); err == nil {
		t.Error("the socket is still there")
	}
}

func TestDrive(t *testing.T) {
	st := serve(t, nil)
	c := dial(t, st, false)
	for _, err := range []error{
		c.Signal("0.1", "SIGTERM", "subtree"), c.Do("add", "", []string{"a", "b c"}), c.Extend("0", 5*time.Second), c.Next(""), c.Order("w*", `{"do":"hold"}`),
		c.Input("0", []byte("\x03\xff")), c.Resize("0", 80, 24), c.End(false), c.End(true),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	want := []string{"signal 0.1 SIGTERM subtree", `do add  ["a" "b c"]`, "extend 0 5s", "next ", `order w* {"do":"hold"}`, `input 0 "\x03\xff"`, "resize 0 80x24", "stop", "kill"}
	if got := st.session.list(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if err := c.Signal("9", "SIGTERM", ""); err == nil || err.Error() != "9: no such process\uFFFD[31m" {
		t.Errorf("%q", err)
	}
	if err := c.Resize("0", 0, 24); err == nil {
		t.Error("a terminal without columns")
	}
	if d, err := c.Details("0.2"); err != nil || d.PID != 7 || d.Argv[0] != "0.2" {
		t.Errorf("%+v, %v", d, err)
	}
	if u, err := c.Usage("x"); err != nil || u != (Usage{1.5, 1 << 40, "root", "x"}) {
		t.Errorf("%+v, %v", u, err)
	}
	if p, err := c.Preview("SIGTERM", "", []string{"0"}); err != nil || len(p) != 1 || p[0].Effect != tree.EffectCaught {
		t.Errorf("%+v, %v", p, err)
	}
	if err := c.call(request{Do: "dance"}, nil); err == nil || err.Error() != `cannot do "dance"` {
		t.Error(err)
	}
	st.Close()
	<-c.Closed()
	if err := c.Next(""); err != errOver {
		t.Error(err)
	}
}

// A read-only client is refused by the session, whatever the client thinks.
func TestReadOnly(t *testing.T) {
	all := serve(t, func(o *ServeOptions) { o.ReadOnly = true })
	one := serve(t, nil)
	for _, c := range []*Client{dial(t, all, false), dial(t, one, true)} {
		for _, r := range []request{
			{Do: "signal"}, {Do: "do"}, {Do: "stop"}, {Do: "kill"}, {Do: "extend", For: 1}, {Do: "next"}, {Do: "tell"}, {Do: "input"},
			{Do: "resize", Cols: 1, Rows: 1}, {Do: "cursor"}, {Do: "something else"},
		} {
			if err := c.call(r, nil); err == nil || err.Error() != errReadOnly.Error() {
				t.Errorf("%s: %v", r.Do, err)
			}
		}
		if _, err := c.Details("0"); err != nil {
			t.Error(err)
		}
		if _, err := c.Follow(); err != nil {
			t.Error(err)
		}
	}
	if got := append(all.session.list(), one.session.list()...); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

func TestFollow(t *testing.T) {
	st := serve(t, nil)
	st.Cursor("0.1")
	c, presenter := dial(t, st, true), dial(t, st, false)
	moved, err := c.Follow()
	if err != nil {
		t.Fatal(err)
	}
	wait := func(want string) {
		t.Helper()
		deadline := time.After(time.Minute)
		for {
			select {
			case node := <-moved:
				if node == want {
					return
				}
			case <-deadline:
				t.Fatalf("%s never came", want)
			}
		}
	}
	wait("0.1")
	for i := range 1000 {
		st.Cursor(fmt.Sprint("0.", i))
	}
	wait("0.999")
	presenter.Cursor("0.7")
	wait("0.7")
	if again, err := c.Follow(); again != moved || err != nil {
		t.Error("another channel")
	}
	st.Close()
	for range moved {
	}
}

// A slow request holds up neither the next one nor the end.
func TestSlowRequest(t *testing.T) {
	st := serve(t, nil)
	st.session.block = make(chan struct{})
	c := dial(t, st, false)
	var wg sync.WaitGroup
	for range maxPending - 1 {
		wg.Go(func() { c.Details("0") })
	}
	if err := c.End(true); err != nil {
		t.Error(err)
	}
	close(st.session.block)
	wg.Wait()
}

// Plain tools can ask: "echo ... | nc -U" says all it has to say and then only
// reads.
func TestHalfClosed(t *testing.T) {
	st := serve(t, nil)
	st.spool.Write(lines(1, 3))
	nc := raw(t, st, `{"multiexit":1,"want":"control"}`+"\n"+`{"id":5,"do":"signal","node":"0","sig":"SIGHUP"}`+"\n")
	nc.(*net.UnixConn).CloseWrite()
	text, err := io.ReadAll(nc)
	if err != nil || !strings.HasSuffix(string(text), "\n"+`{"id":5,"ok":true}`+"\n") {
		t.Errorf("%s, %v", text, err)
	}
	ev := raw(t, st, `{"multiexit":1,"want":"events","from":3}`+"\n")
	ev.(*net.UnixConn).CloseWrite()
	r := bufio.NewReader(ev)
	r.ReadString('\n')
	line, _ := r.ReadString('\n')
	if !strings.HasPrefix(line, `{"seq":3,`) {
		t.Errorf("%s", line)
	}
	st.spool.Write(lines(4, 1)) // it is still there
	if line, _ := r.ReadString('\n'); !strings.HasPrefix(line, `{"seq":4,`) {
		t.Errorf("%s", line)
	}
}

func TestNoEvents(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	blind, err := tape.NewSpool(w, header, 0)
	if err != nil {
		t.Fatal(err)
	}
	st := serve(t, func(o *ServeOptions) { o.Spool = blind })
	c := dial(t, st, false)
	for range c.Events() {
		t.Error("an event")
	}
	const want = "no events: the recording goes to a file that cannot be read"
	if c.Err() == nil || !strings.Contains(c.Err().Error(), want) {
		t.Error(c.Err())
	}
	if err := c.CopyEvents(io.Discard, 0); err == nil || err.Error() != want {
		t.Error(err)
	}
}
