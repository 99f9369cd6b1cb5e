package tree

import (
	"slices"
	"testing"
	"time"

	"multiexit/exitreg"
)

func commandIs(name, state, node string, at time.Duration) Event {
	return Event{T: at, Kind: exitreg.KindCommand, Name: name, Text: state, Node: node}
}

func ids(nodes []*Node) (all []string) {
	for _, n := range nodes {
		all = append(all, n.ID)
	}
	return all
}

func TestACommandIsInItsPlaceBeforeItStarts(t *testing.T) {
	tr := Fold([]Event{commandIs("db", "waiting", "0", 1), commandIs("web", "waiting", "1", 1)})
	if got := tr.Counts; got != (Counts{Unborn: 2}) {
		t.Errorf("counts %+v", got)
	}
	n := tr.Node("0")
	if n.State != Unborn || n.Alive() || n.Ended() || n.Name != "db" {
		t.Errorf("node %+v", n)
	}
	tr.Apply(&Event{T: 2, Kind: exitreg.KindSpawn, Node: "0", PID: 7, Name: "postgres"})
	starting := commandIs("db", "starting", "0", 2)
	tr.Apply(&starting)
	if n.State != Live || n.Born != 2 || tr.Counts != (Counts{Live: 1, Unborn: 1}) {
		t.Errorf("after its birth: %v, counts %+v", n.State, tr.Counts)
	}
	if c := tr.Command("db"); c != n.Command || c.Runs != 1 || c.State != CommandStarting {
		t.Errorf("command %+v", c)
	}
}

func TestARestartTakesThePlaceOfTheOneBefore(t *testing.T) {
	for _, order := range [][]string{{"0", "1", "2"}, {"2", "0", "1"}} {
		tr := new(Tree)
		for _, id := range order {
			tr.Apply(&Event{Kind: exitreg.KindSpawn, Node: id, PID: 1 + int(id[0])})
		}
		for i, id := range []string{"0", "1"} {
			e := commandIs("c"+id, "starting", id, time.Duration(i))
			tr.Apply(&e)
		}
		again := commandIs("c0", "starting", "2", 5)
		tr.Apply(&again)
		got := ids(tr.Roots)
		if i := slices.Index(got, "0"); len(got) != 3 || got[i+1] != "2" {
			t.Errorf("born %v: roots %v", order, got)
		}
		if c := tr.Command("c0"); c.Node.ID != "2" || !tr.Node("0").Past || tr.Node("2").Past {
			t.Errorf("command %+v", c)
		}
	}
}

func TestALadderIsReadStepByStep(t *testing.T) {
	rung := func(at time.Duration, node, text, sig string, next time.Duration) Event {
		return Event{T: at, Kind: exitreg.KindRung, Node: node, Text: text, Sig: sig, Timeout: next}
	}
	tr := Fold([]Event{
		{Kind: exitreg.KindSpawn, Node: "0", PID: 1},
		rung(10, "", "stop", "SIGTERM", 50), rung(20, "", "extend", "", 100), rung(12, "0", "stop", "SIGQUIT", 5),
	})
	if l := tr.Ladder; l.Next != 120 || l.Last().Text != "stop" || l.Done {
		t.Errorf("ladder %+v", l)
	}
	if l := tr.Node("0").Ladder; l.Next != 17 || l.Last().Sig != "SIGQUIT" {
		t.Errorf("its own: %+v", l)
	}
	done, next := rung(130, "", "done", "", 0), rung(200, "", "stop", "SIGTERM", 10)
	tr.Apply(&done)
	if !tr.Ladder.Done || tr.Ladder.Next != 0 {
		t.Errorf("done: %+v", tr.Ladder)
	}
	tr.Apply(&next)
	if l := tr.Ladder; l.Done || l.Began != 200 || len(l.Steps) != 1 {
		t.Errorf("again: %+v", l)
	}
	var none *Ladder
	if none.Last() != (Step{}) {
		t.Error("no ladder has a last step")
	}
}

func TestASignalThatComesTwiceIsFlagged(t *testing.T) {
	sent := func(sig string) Event { return Event{Kind: exitreg.KindSignal, Node: "0", Sig: sig} }
	came := Event{Kind: exitreg.KindDeliver, Node: "0", Sig: "SIGTERM"}
	for _, c := range []struct {
		name   string
		events []Event
		want   string
	}{
		{"once", []Event{sent("SIGTERM")}, ""},
		{"sent and taken", []Event{sent("SIGTERM"), came}, ""},
		{"sent twice", []Event{sent("SIGTERM"), sent("SIGTERM")}, "SIGTERM"},
		{"taken twice", []Event{came, came}, "SIGTERM"},
		{"different", []Event{sent("SIGTERM"), sent("SIGINT")}, ""},
		{"killed twice", []Event{sent("SIGKILL"), sent("SIGKILL")}, ""},
		{"not about its end", []Event{sent("SIGUSR1"), sent("SIGUSR1")}, ""},
	} {
		tr := Fold(append([]Event{{Kind: exitreg.KindSpawn, Node: "0", PID: 1}}, c.events...))
		if got := tr.Node("0").Twice; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAnOrderedStopIsOneShutdown(t *testing.T) {
	sec := time.Second
	tr := Fold([]Event{
		{Kind: exitreg.KindSpawn, Node: "0", PID: 1}, {Kind: exitreg.KindSpawn, Node: "1", PID: 2},
		{T: 5 * sec, Kind: exitreg.KindSignal, Node: "1", Sig: "SIGTERM"},
		{T: 5 * sec, Kind: exitreg.KindRung, Text: "stop", Timeout: 20 * sec},
		{T: 8 * sec, Kind: exitreg.KindExit, Node: "1", Sig: "SIGTERM"},
		{T: 9 * sec, Kind: exitreg.KindSignal, Node: "0", Sig: "SIGINT"},
	})
	if tr.Shut.T != 5*sec || tr.Signal.T != 9*sec {
		t.Errorf("shown since %v", tr.Shut.T)
	}
	for _, e := range []Event{
		{T: 9 * sec, Kind: exitreg.KindExit, Node: "0", Sig: "SIGINT"}, {T: 9 * sec, Kind: exitreg.KindRung, Text: "done"},
		{T: 20 * sec, Kind: exitreg.KindSpawn, Node: "2", PID: 3}, {T: 30 * sec, Kind: exitreg.KindSignal, Node: "2", Sig: "SIGTERM"},
	} {
		tr.Apply(&e)
	}
	if tr.Shut.T != 30*sec {
		t.Errorf("the next one is shown since %v", tr.Shut.T)
	}
}

func TestAStartEndsTheShowingOfAShutdown(t *testing.T) {
	tr := Fold([]Event{
		{Kind: exitreg.KindSpawn, Node: "0", PID: 1}, commandIs("a", "starting", "0", 0),
		{T: 1, Kind: exitreg.KindSignal, Node: "0", Sig: "SIGTERM"},
	})
	again := commandIs("a", "starting", "1", 2)
	tr.Apply(&again)
	if tr.Shut == nil {
		t.Error("the one before still exits")
	}
	for _, e := range []Event{{T: 3, Kind: exitreg.KindExit, Node: "0", Sig: "SIGTERM"}, commandIs("a", "starting", "2", 4)} {
		tr.Apply(&e)
	}
	if tr.Shut != nil || tr.Signal != nil || tr.Before == nil || tr.Before.T != 1 {
		t.Errorf("shown %v, before %v", tr.Shut, tr.Before)
	}
}
