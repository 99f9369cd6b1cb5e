package tree

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"multiexit/exitreg"
)

// heard keeps the process's own count of what it told: a hole is a loss.
func (n *Node) heard(e *Event) {
	if e.N > n.said+1 {
		n.Missed += e.N - n.said - 1
	}
	n.said = max(n.said, e.N)
	if e.PID != 0 && n.PID == 0 {
		n.PID = e.PID // its spawn was not seen
	}
}

// program notes what a process runs. Its own name for itself is not overwritten
// by what the observer reads from outside.
func (t *Tree) program(n *Node, e *Event) {
	if len(e.Argv) > 0 {
		n.Argv = e.Argv
	}
	if e.Name != "" && e.Name != n.Name && (e.Kind == exitreg.KindHello || !n.Reports) {
		n.Name = e.Name
		t.Shape++
	}
}

// meet takes a hello in. Counting from 1 again is how a program says that it
// replaced the one before by an exec that nobody saw.
func (n *Node) meet(e *Event) {
	if n.Reports && e.N == 1 && n.said > 1 && e.T > n.hello {
		n.replace(e.T)
	}
	n.Reports, n.hello, n.Grace = true, e.T, e.Timeout
}

// exec drops what belonged to the former program. A scan may see an exec only
// after the new program has said hello; then it is no news.
func (n *Node) exec(e *Event) {
	if n.Reports && e.Prov == exitreg.ProvScan && slices.Equal(e.Argv, n.Argv) {
		return
	}
	n.replace(e.T)
}

// replace is what exec does to a process: its handlers went with its memory, and
// none of them ran; a caught signal has its default action again, while ignored
// and blocked ones stay so (execve(2)).
func (n *Node) replace(at time.Duration) {
	n.letGo(at)
	for _, h := range n.handlers {
		n.lose(h, lostByExec)
	}
	if n.Term == Caught {
		n.Term = Default
	}
	disp := n.disp
	for sig, d := range disp {
		if d == Caught {
			n.effect(sig, Default)
		}
	}
	n.byID, n.odd, n.first, n.runs, n.said, n.deaf = nil, false, len(n.handlers), 0, 0, nil
	n.Asleep = Asleep{}
	n.Reports, n.Began, n.Left, n.Grace, n.Cause = false, false, false, 0, ""
}

const lostByExec = "exec"

func (n *Node) disposition(sig string, d Disposition) {
	if sig == "SIGTERM" || sig == "" {
		n.Term = d
		return
	}
	n.effect(sig, d)
}

// effect notes what another signal than SIGTERM would do. There are 64 of them,
// however many a recording makes up.
func (n *Node) effect(sig string, d Disposition) {
	was, known := n.disp[sig]
	if known && was == d || !known && len(n.disp) >= 64 {
		return
	}
	disp := make(map[string]Disposition, len(n.disp)+1)
	maps.Copy(disp, n.disp)
	disp[sig] = d
	n.disp = disp
}

func (t *Tree) signal(n *Node, e *Event) {
	s := &Signal{Name: e.Sig, Node: n, Sender: e.Sender, Scope: e.Scope, T: e.T}
	t.Signal = s
	if !n.Alive() && e.T > n.Gone {
		return // it cannot have had a part in the end
	}
	if e.Sig != "SIGKILL" && n.wasSent(e.Sig) {
		n.Twice = e.Sig
	}
	if Ends(e.Sig) {
		n.called(e.T, e.Sender)
	}
	rung := n.State == Stuck && t.Shut.patience(s) // of the ladder that it held up
	n.ask(e.Sig, e.Sender, e.T)
	if Ends(e.Sig) && n.Alive() && !rung && t.Counts.Exiting == 0 && !t.Shut.covers(s) && !t.Shut.left(s) && !t.ending() {
		t.Shut = s
	}
}

// ending says that everything is being ended, command by command: it is one
// shutdown, though for a moment nothing may be exiting. The ladder is told a
// little after the first signal.
func (t *Tree) ending() bool {
	const lead = time.Second
	return t.Ladder != nil && !t.Ladder.Done && t.Shut != nil && t.Shut.T >= t.Ladder.Began-lead
}

// covers says that a signal sent while nothing is exiting goes on with a
// shutdown all the same: it is of one burst with the first, which got stuck or
// was done at once.
func (s *Signal) covers(later *Signal) bool {
	const burst = time.Second
	return s != nil && s.Name == later.Name && later.T-s.T < burst
}

// left says that a later signal is multiexit's to what somebody has left behind who
// was shut down and is gone: it ends that as soon as it can.
func (s *Signal) left(later *Signal) bool {
	const soon = 2 * time.Second // a busy machine may need that
	if s == nil || later.Sender != "multiexit" {
		return false
	}
	for n := later.Node.Parent; n != nil; n = n.Parent {
		if _, _, asked := n.Asked(); asked && n.Ended() && n.Gone >= s.T && later.T-n.Gone < soon {
			return true
		}
	}
	return false
}

// patience says that a later signal to a process that is stuck may belong to the
// same shutdown: the longest grace period in use is systemd's, 90 s.
func (s *Signal) patience(later *Signal) bool {
	const grace = 2 * time.Minute
	return s != nil && later.T-s.T < grace
}

// ask notes a signal that was sent or delivered. Nothing overtakes the first SIGKILL.
func (n *Node) ask(sig, by string, at time.Duration) {
	if sig == "" {
		return
	}
	n.remember(sig)
	if Ends(sig) && n.SigName != "SIGKILL" {
		n.Signalled, n.SigName, n.Sender = at, sig, by
	}
}

// wasSent says that sig, which asks it to end, was sent to it before.
func (n *Node) wasSent(sig string) bool {
	return n.Alive() && Ends(sig) && slices.Contains(n.asked, sig)
}

// remember keeps the name of a signal. There are 64 of them, however many a
// process makes up.
func (n *Node) remember(sig string) {
	if len(n.asked) < 64 && !slices.Contains(n.asked, sig) {
		n.asked = append(n.asked, sig)
	}
}

// deliver says why a run begins. A second one is a signal that came during it.
func (t *Tree) deliver(n *Node, e *Event) {
	if n.Began && e.Sig != "" && n.Cause == e.Sig {
		n.Twice = e.Sig
	}
	if !slices.Contains(n.asked, e.Sig) {
		n.ask(e.Sig, "", e.T) // nobody saw who sent it
	}
	if n.Cause == "" {
		n.Cause = cause(e)
	}
	t.run(n, e.T)
}

// run notes that n runs its handlers, by its own words or by what they imply.
func (t *Tree) run(n *Node, at time.Duration) {
	if n.Began {
		return
	}
	n.Began, n.Delivered, n.stood = true, at, t.standing()
	n.called(at, "")
	if n.Alive() && (t.Shut == nil || t.Counts.Exiting == 0 && t.Shut.Node != n && !t.ending()) {
		t.Shut = &Signal{Name: n.Cause, Node: n, T: at}
	}
}

func cause(e *Event) string {
	switch {
	case e.Sig != "":
		return e.Sig
	case e.Err != "":
		return e.Text + ": " + e.Err
	case e.Code != nil:
		return e.Text + " " + strconv.Itoa(*e.Code)
	}
	return e.Text
}

// leave says that all handlers ended, and how the process is about to exit.
func (t *Tree) leave(n *Node, e *Event) {
	t.run(n, e.T)
	n.Left, n.LeftWith = true, -1
	if e.Code != nil {
		n.LeftWith = *e.Code
	}
	n.letGo(e.T)
	if e.Sig != "" {
		n.remember(e.Sig)
	}
	if h := n.Running(); h != nil {
		n.lose(h, "its process left while it ran")
		n.runs = 0
	}
}

// exit takes the end of a process in. An end that was seen by its absence only
// is made exact by a later one with a status; anything else is a repetition.
func (n *Node) exit(e *Event) {
	status := e.Code != nil || e.Sig != ""
	if !n.Alive() && !(n.Unseen && status) {
		return
	}
	if n.Alive() {
		n.Gone = e.T
	}
	n.EndSig, n.Core, n.Unseen = e.Sig, e.Core, !status
	if e.Code != nil {
		n.Code = *e.Code
	}
	n.State = Exited                                                        // settle has the last word
	n.Froze = (n.Froze || n.Stopped) && (n.EndSig == "SIGKILL" || n.Unseen) // else somebody continued it
	n.letGo(e.T)
	n.Stopped, n.runs = false, 0
	for _, h := range n.handlers {
		n.lose(h, "")
	}
}
