package main

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"multiexit/tree"
	"multiexit/tree/live"
	"multiexit/ui"
)

// stage is a session on the screen.
type stage struct {
	*screen
	job     *job
	session *live.Session
	watch   *watch
	steps   *ladder
	ending  atomic.Bool   // it was asked to end, not by a key
	over    chan struct{} // closed when the stream is complete
	once    sync.Once
	ended   error
}

// onScreen shows a session on the terminal. It is over when the user leaves, when
// --for is, or when a signal asks us to end.
func onScreen(o *options, j *job, s *live.Session, w *watch, steps *ladder) error {
	to := ui.NewFeed()
	w.sink = feed{to}
	sc, err := newScreen(o, ui.Options{
		Title: j.title, About: j.about, Header: j.header(s), Feed: to, Driver: driver{s}, LogAll: j.command,
	})
	if err != nil {
		s.Stop()
		printVerdict(os.Stderr, s.Wait())
		return err
	}
	st := &stage{screen: sc, job: j, session: s, watch: w, steps: steps, over: make(chan struct{})}
	defer panics.Recover(sc.terminal.Abandon)
	st.prepare()
	sc.spawn(func() {
		w.run()
		to.Close()
		close(st.over)
	})
	panics.Provoke(sc.terminal.Abandon, func() { sc.program.Send(panicMsg{}) })
	err = sc.run()
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
	st.steps.stop, st.steps.kill = st.session.Stop, st.session.Kill
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
	st.spawn(func() { st.program.Send(ui.StopMsg{}) })
	st.spawn(func() {
		<-st.over
		st.quit()
		time.Sleep(patience) // a terminal that stands still keeps the screen from leaving
		st.finish()
	})
}

// finish ends the process when the screen cannot.
func (st *stage) finish() {
	st.terminal.Abandon()
	<-st.over
	os.Exit(report(st.result()))
}

// result says how it ended. It is asked by whoever leaves, and says it once.
func (st *stage) result() error {
	st.once.Do(func() {
		v := st.session.Wait()
		printVerdict(os.Stderr, v)
		st.ended = st.watch.result(st.job, v, st.steps)
	})
	return st.ended
}

// driver lets the screen signal and stop.
type driver struct{ *live.Session }

func (d driver) Extend(node string, t time.Duration) error              { return errLater }
func (d driver) Next(node string) error                                 { return errLater }
func (d driver) Do(verb, target string, args []string) error            { return errLater }
func (d driver) Details(node string) (tree.Details, error)              { return tree.Details{}, errLater }
func (d driver) Input(node string, data []byte) error                   { return errLater }
func (d driver) Resize(node string, cols, rows int) error               { return errLater }
func (d driver) Cursor(node string)                                     {}
func (d driver) Preview(_, _ string, _ []string) ([]tree.Target, error) { return nil, errLater }

var errLater = errors.New("not wired yet")

func (d driver) Usage(node string) (ui.Usage, error) {
	u, err := d.Session.Usage(node)
	return ui.Usage(u), err
}

// feed is the screen as a sink.
type feed struct{ *ui.Feed }

func (f feed) Write(batch []tree.Event) error {
	f.Add(batch)
	return nil
}
