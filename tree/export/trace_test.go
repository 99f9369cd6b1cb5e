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
	Cat      string
	Ph       string
	TS       *float64
	Dur      *float64
	PID, TID *int // whole numbers, or it is no JSON of an event
	S, BP    string
	ID       int
	Args     map[string]any
}

type trace struct {
	DisplayTimeUnit string
	TraceEvents     []traced
}

type track [2]int // pid, tid

const hair = 1e-6 // microseconds: less than a nanosecond, for sums are not exact

// soundTrace checks the rules of the Trace Event Format that readers rely on:
// what each phase needs, that any two slices of a track lie one in the other or
// apart, that a slice comes before those in it, that each track has its name, and
// that each arrow begins and ends in a slice.
func soundTrace(text string) error {
	var f trace
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return err
	}
	if f.DisplayTimeUnit != "" && f.DisplayTimeUnit != "ms" && f.DisplayTimeUnit != "ns" {
		return errors.New("a unit of time that there is not: " + f.DisplayTimeUnit)
	}
	tracks, named := map[track][]traced{}, map[track]bool{}
	for _, e := range f.TraceEvents {
		if e.Ph == "" || e.Name == "" && e.Ph != "X" || e.TS == nil || *e.TS < 0 || e.PID == nil || *e.PID <= 0 || e.TID == nil {
			return fmt.Errorf("%+v lacks something", e)
		}
		on := track{*e.PID, *e.TID}
		switch err := soundPhase(e); {
		case err != nil:
			return err
		case e.Ph == "X":
			tracks[on] = append(tracks[on], e)
		case e.Name == "process_name":
			named[track{*e.PID, 0}] = true
		case e.Name == "thread_name":
			named[on] = true
		}
	}
	for on, slices := range tracks {
		if !named[on] || !named[track{on[0], 0}] {
			return fmt.Errorf("track %v has no name", on)
		}
		if err := nested(slices); err != nil {
			return err
		}
	}
	return soundArrows(f.TraceEvents, tracks)
}

// soundPhase checks what an event of its phase needs.
func soundPhase(e traced) error {
	ok := false
	switch e.Ph {
	case "X":
		ok = e.Dur != nil && *e.Dur >= 0
	case "i":
		ok = e.S == "p" || e.S == "t" || e.S == "g"
	case "s":
		ok = e.ID != 0
	case "f":
		ok = e.ID != 0 && e.BP == "e"
	case "C":
		ok = len(e.Args) > 0
		for _, v := range e.Args {
			_, number := v.(float64)
			ok = ok && number
		}
	case "M":
		switch e.Name {
		case "process_name", "thread_name":
			_, ok = e.Args["name"].(string)
		case "process_labels":
			_, ok = e.Args["labels"].(string)
		case "process_sort_index", "thread_sort_index":
			_, ok = e.Args["sort_index"].(float64)
		}
	}
	if !ok {
		return fmt.Errorf("%+v is not as its phase has to be", e)
	}
	return nil
}

// nested checks the slices of a track in the order of the file, for readers that
// find two with the same beginning take the first for the outer one.
func nested(slices []traced) error {
	var open []traced
	for _, s := range slices {
		for len(open) > 0 && *open[len(open)-1].TS+*open[len(open)-1].Dur <= *s.TS+hair {
			open = open[:len(open)-1]
		}
		if n := len(open); n > 0 && (*s.TS < *open[n-1].TS-hair || *s.TS+*s.Dur > *open[n-1].TS+*open[n-1].Dur+hair) {
			return fmt.Errorf("%s crosses %s", s.Name, open[n-1].Name)
		}
		open = append(open, s)
	}
	for i := 1; i < len(slices); i++ {
		if *slices[i].TS < *slices[i-1].TS-hair {
			return fmt.Errorf("%s comes after %s, which is later", slices[i].Name, slices[i-1].Name)
		}
	}
	return nil
}

func soundArrows(all []traced, tracks map[track][]traced) error {
	ends, of := map[int]string{}, map[int]traced{}
	for _, e := range all {
		if e.Ph != "s" && e.Ph != "f" {
			continue
		}
		ends[e.ID] += e.Ph
		if first, second := of[e.ID]; second && (first.Name != e.Name || first.Cat != e.Cat || *first.TS > *e.TS) {
			return fmt.Errorf("arrow %d: its ends do not belong together", e.ID)
		}
		of[e.ID] = e
		inside := false
		for _, s := range tracks[track{*e.PID, *e.TID}] {
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

// named is a trace whose track 1 of process 1 has its names.
func named(events string) string {
	return `{"traceEvents":[{"name":"process_name","ph":"M","ts":0,"pid":1,"tid":0,"args":{"name":"p"}},` +
		`{"name":"thread_name","ph":"M","ts":0,"pid":1,"tid":1,"args":{"name":"t"}},` + events + `]}`
}

// The check itself: slices that cross are found.
func TestSoundTraceRefuses(t *testing.T) {
	for _, bad := range []string{
		`{"traceEvents":[{"name":"a","ph":"X","ts":0,"dur":10,"pid":1,"tid":1},{"name":"b","ph":"X","ts":5,"dur":10,"pid":1,"tid":1}]}`,
		`{"traceEvents":[{"name":"a","ph":"X","ts":0,"pid":1,"tid":1}]}`,
		`{"traceEvents":[{"name":"a","ph":"s","ts":0,"pid":1,"tid":1,"id":1}]}`,
		`{"traceEvents":[{"name":"a","ph":"i","s":"p","ts":0,"pid":1.5,"tid":1}]}`,
		`{"traceEvents":[{"name":"a","ph":"i","s":"p","ts":0,"pid":0,"tid":1}]}`,
		`{"traceEvents":[{"name":"a","ph":"i","ts":0,"pid":1,"tid":1}]}`,
		`{"traceEvents":[{"name":"a","ph":"C","ts":0,"pid":1,"tid":1,"args":{"n":"1"}}]}`,
		`{"traceEvents":[{"name":"thread_name","ph":"M","ts":0,"pid":1,"tid":1,"args":{"name":7}}]}`,
		`{"displayTimeUnit":"us"}`,
		named(`{"name":"a","ph":"X","ts":0,"dur":5,"pid":1,"tid":1},{"name":"b","ph":"X","ts":0,"dur":10,"pid":1,"tid":1}`),
		named(`{"name":"b","ph":"X","ts":9,"dur":1,"pid":1,"tid":1},{"name":"a","ph":"X","ts":0,"dur":5,"pid":1,"tid":1}`),
		named(`{"name":"a","ph":"X","ts":0,"dur":5,"pid":1,"tid":1},{"name":"w","ph":"s","ts":1,"pid":1,"tid":1,"id":1},{"name":"x","ph":"f","bp":"e","ts":1,"pid":1,"tid":1,"id":1}`),
		named(`{"name":"a","ph":"X","ts":0,"dur":5,"pid":1,"tid":1},{"name":"w","ph":"s","ts":1,"pid":1,"tid":1,"id":1},{"name":"w","ph":"f","bp":"e","ts":7,"pid":1,"tid":1,"id":1}`),
	} {
		if soundTrace(bad) == nil {
			t.Errorf("%s is taken for sound", bad)
		}
	}
	good := named(`{"name":"a","ph":"X","ts":0,"dur":5,"pid":1,"tid":1},{"name":"w","ph":"s","ts":1,"pid":1,"tid":1,"id":1},{"name":"w","ph":"f","bp":"e","ts":3,"pid":1,"tid":1,"id":1}`)
	if err := soundTrace(good); err != nil {
		t.Errorf("%s is not: %v", good, err)
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
