package export_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/export"
	"multiexit/tree/tape"
)

// traced is an event of a trace as a reader knows it.
type traced struct {
	Name     string
	Ph       string
	TS       *float64
	Dur      *float64
	PID, TID *int
	S, BP    string
	ID       int
}

type trace struct {
	DisplayTimeUnit string
	TraceEvents     []traced
}

const hair = 1e-6 // microseconds: less than a nanosecond, for sums are not exact

// soundTrace checks the rules of the Trace Event Format that readers rely on:
// what each phase needs, that any two slices of a track lie one in the other or
// apart, and that each arrow begins and ends in a slice.
func soundTrace(text string) error {
	var f trace
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return err
	}
	tracks := map[[2]int][]traced{}
	for _, e := range f.TraceEvents {
		if e.Ph == "" || e.TS == nil || e.PID == nil || e.TID == nil {
			return fmt.Errorf("%+v lacks something", e)
		}
		switch {
		case e.Ph == "X" && (e.Dur == nil || *e.Dur < 0):
			return fmt.Errorf("%+v has no duration", e)
		case e.Ph == "X":
			tracks[[2]int{*e.PID, *e.TID}] = append(tracks[[2]int{*e.PID, *e.TID}], e)
		case e.Ph == "i" && e.S != "p", (e.Ph == "s" || e.Ph == "f") && e.ID == 0:
			return fmt.Errorf("%+v lacks something", e)
		}
	}
	for _, slices := range tracks {
		for i, a := range slices {
			for _, b := range slices[:i] {
				if crosses(a, b) || crosses(b, a) {
					return fmt.Errorf("%s crosses %s", a.Name, b.Name)
				}
			}
		}
	}
	return soundArrows(f.TraceEvents, tracks)
}

// crosses says that a begins in b and ends after it.
func crosses(a, b traced) bool {
	aEnd, bEnd := *a.TS+*a.Dur, *b.TS+*b.Dur
	return *a.TS > *b.TS+hair && *a.TS < bEnd-hair && aEnd > bEnd+hair
}

func soundArrows(all []traced, tracks map[[2]int][]traced) error {
	ends := map[int]string{}
	for _, e := range all {
		if e.Ph != "s" && e.Ph != "f" {
			continue
		}
		ends[e.ID] += e.Ph
		inside := false
		for _, s := range tracks[[2]int{*e.PID, *e.TID}] {
			inside = inside || *s.TS <= *e.TS+hair && *e.TS <= *s.TS+*s.Dur+hair
		}
		if !inside {
			return fmt.Errorf("an arrow %d that touches no slice", e.ID)
		}
	}
	for id, s := range ends {
		if s != "sf" {
			return fmt.Errorf("arrow %d has the ends %q", id, s)
		}
	}
	return nil
}

// The check itself: slices that cross are found.
func TestSoundTraceRefuses(t *testing.T) {
	for _, bad := range []string{
		`{"traceEvents":[{"name":"a","ph":"X","ts":0,"dur":10,"pid":1,"tid":1},{"name":"b","ph":"X","ts":5,"dur":10,"pid":1,"tid":1}]}`,
		`{"traceEvents":[{"name":"a","ph":"X","ts":0,"pid":1,"tid":1}]}`,
		`{"traceEvents":[{"name":"a","ph":"s","ts":0,"pid":1,"tid":1,"id":1}]}`,
	} {
		if soundTrace(bad) == nil {
			t.Errorf("%s is taken for sound", bad)
		}
	}
}

// Turns that overlap, which a process can claim, get tracks of their own; those
// that follow or nest share one.
func TestTracksOfOverlappingTurns(t *testing.T) {
	tp := &tape.Tape{}
	add := func(at int, kind exitreg.Kind, id string) {
		tp.Events = append(tp.Events, tree.Event{Seq: uint64(len(tp.Events) + 1), T: time.Duration(at) * time.Second, Kind: kind, Node: "0", ID: id, Sig: "SIGTERM"})
	}
	add(0, exitreg.KindSignal, "")
	for _, turn := range []struct {
		at   int
		kind exitreg.Kind
		id   string
	}{
		{1, exitreg.KindBegin, "long"}, {2, exitreg.KindBegin, "inner"}, {3, exitreg.KindEnd, "inner"}, {4, exitreg.KindBegin, "across"},
		{5, exitreg.KindEnd, "long"}, {6, exitreg.KindEnd, "across"}, {6, exitreg.KindBegin, "next"}, {7, exitreg.KindEnd, "next"},
	} {
		add(turn.at, turn.kind, turn.id)
	}
	text := written(t, "trace", tp, export.Options{})
	if err := soundTrace(text); err != nil {
		t.Fatal(err)
	}
	track, err := tracksOf(text)
	if err != nil {
		t.Fatal(err)
	}
	if track["long"] != track["inner"] || track["across"] == track["long"] || track["next"] != track["long"] {
		t.Errorf("tracks %v", track)
	}
}

func tracksOf(text string) (map[string]int, error) {
	var f trace
	err := json.Unmarshal([]byte(text), &f)
	track := map[string]int{}
	for _, e := range f.TraceEvents {
		if e.Ph == "X" {
			track[e.Name] = *e.TID
		}
	}
	if err == nil && len(track) < 4 {
		err = errors.New("slices are missing")
	}
	return track, err
}
