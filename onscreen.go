package main

import (
	"cmp"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"multiexit/tree"
	"multiexit/tree/supervise"
	"multiexit/ui"
)

// stage is a session on the screen.
type stage struct {
	*screen
	job     *job
	session *supervise.Supervisor
	watch   *watch
	holds   holds
	steps   *ladder
	ending  atomic.Bool   // it was asked to end, not by a key
	over    chan struct{} // closed when the stream is complete
	once    sync.Once
	ended   error
}

// onScreen shows a session on the terminal. It is over when the user leaves, when
// --for is, or when a signal asks us to end.
func onScreen(o *options, j *job, s *supervise.Supervisor, w *watch, steps *ladder) error {
	to := ui.NewFeed()
	w.sink = feed{to}
	show := ui.Options{
		Title: j.title, About: j.about, Header: s.Header(), Feed: to, LogAll: j.command,
		Driver: driver{s, w.control.cursor, controlled{s, w}.Order}, Place: w.record.place(),
		Others: otherRuns(j.argv, ""),
	}
	if w.record.spool != nil {
		show.Lines = w.record.spool
	}
	sc, err := newScreen(o, show)
	if err != nil {
		o.holds.takeBack(s)
		s.Stop()
		printVerdict(os.Stderr, s.Wait())
		return err
	}
	st := &stage{screen: sc, job: j, session: s, watch: w, holds: o.holds, steps: steps, over: make(chan struct{})}
	defer panics.Recover(sc.terminal.Abandon)
	st.prepare()
	sc.spawn(func() {
		w.run()
		to.Close()
		close(st.over)
	})
	panics.Provoke(sc.terminal.Abandon, func() { sc.program.Send(panicMsg{}) })
	err = sc.run()
	w.letGo(s, o.holds)
	s.Stop()
	<-st.over
	ended := st.result()
	if err != nil && steps.status() == 0 {
		return &failure{statusFailed, "screen", err.Error(), ""}
	}
	return ended
}

// prepare says what signals and --for do.
func (st *stage) prepare() {
	st.steps.stop, st.steps.next, st.steps.kill = st.session.Stop, hurry(st.session), st.session.Kill
	st.steps.asked = func(int) { st.end() }
	st.steps.leave = func(status int) {
		st.terminal.Abandon()
		os.Exit(status)
	}
	st.watch.onOver = st.end
	st.watch.onSend = func(err error) {
		st.spawn(func() { st.program.Send(ui.NoticeMsg(err.Error())) })
	}
	st.leave = st.finish
	st.spawn(st.steps.run)
	st.spawn(func() { st.watchLoss(st.steps) })
}

// end shows that everything is being stopped, and leaves the screen when it is.
func (st *stage) end() {
	if st.ending.Swap(true) {
		return
	}
	st.spawn(func() { st.watch.letGo(st.session, st.holds) })
	st.spawn(func() { st.program.Send(ui.StopMsg{}) })
	st.spawn(func() {
		<-st.over
		st.quit()
		time.Sleep(patience) // a terminal that stands still keeps the screen from leaving
		st.finish()
	})
}

// finish ends the process when the screen cannot. Who tells the verdict to a terminal
// that takes no word more would never return, so there is no waiting for that.
func (st *stage) finish() {
	st.terminal.Abandon()
	<-st.over
	told := make(chan int, 1)
	st.spawn(func() { told <- report(st.result()) })
	select {
	case status := <-told:
		os.Exit(status)
	case <-time.After(patience):
		os.Exit(cmp.Or(st.steps.status(), statusFailed))
	}
}

// result says how it ended. It is asked by whoever leaves, and says it once.
func (st *stage) result() error {
	st.once.Do(func() {
		v := st.session.Wait()
		printVerdict(os.Stderr, v)
		st.ended = st.watch.result(st.job, v, st.steps)
		st.watch.record.tellPlace(os.Stderr)
	})
	return st.ended
}

// driver lets the screen signal, stop and start.
type driver struct {
	*supervise.Supervisor
	cursor func(node string)                // told where the selection is
	order  func(pattern, line string) error // as the socket has it
}

func (d driver) Cursor(node string) { d.cursor(node) }

func (d driver) Order(pattern, line string) error { return d.order(pattern, line) }

func (d driver) Usage(node string) (ui.Usage, error) {
	u, err := d.Supervisor.Usage(node)
	return ui.Usage(u), err
}

// feed is the screen as a sink.
type feed struct{ *ui.Feed }

func (f feed) Write(batch []tree.Event) error {
	f.Add(batch)
	return nil
}
