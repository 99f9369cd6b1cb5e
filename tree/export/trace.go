package export

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"time"

	"multiexit/tree"
	"multiexit/tree/tape"
)

// slice is one event of the Trace Event Format that Chrome and Perfetto read.
// Times are microseconds.
type slice struct {
	Name  string         `json:"name"`
	Cat   string         `json:"cat,omitzero"`
	Phase string         `json:"ph"`
	TS    micros         `json:"ts"`
	Dur   *micros        `json:"dur,omitempty"`
	PID   int            `json:"pid"`
	TID   int            `json:"tid"`
	Scope string         `json:"s,omitzero"`
	Bind  string         `json:"bp,omitzero"`
	ID    int            `json:"id,omitzero"`
	Args  map[string]any `json:"args,omitempty"`
}

// micros writes a time in microseconds, to the nanosecond.
type micros time.Duration

func (m micros) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(m)/1e3, 'f', 3, 64), nil
}

// The tracks of a process. The slices of one nest properly: each lies wholly
// inside or wholly outside of any other, for that is all that the readers of the
// format can draw. Turns that overlap get a track of their own.
const (
	lifeTrack    = 1
	handlerTrack = 2
)

// traceFile writes a trace, slice by slice.
type traceFile struct {
	*story
	w     io.Writer
	first bool
	err   error
	flows int
}

// writeTrace writes a process of the trace for each process, whose number there
// is its place in the recording, for real pids are used again.
func writeTrace(w io.Writer, t *tape.Tape, o *Options) error {
	f := &traceFile{story: newStory(t, o), w: w, first: true}
	f.put(`{"displayTimeUnit":"ms","otherData":`)
	other := map[string]string{"title": f.title, "host": clean(f.header.Host), "observer": clean(f.header.Observer)}
	if start := f.header.Start; !start.IsZero() {
		other["start"] = start.Format(time.RFC3339Nano)
	}
	f.value(other)
	f.put(`,"traceEvents":[`)
	for _, l := range f.lives {
		f.names(l)
		f.life(l)
		f.handlers(l)
		f.moments(l)
	}
	f.alive()
	f.put("\n]}\n")
	return f.err
}

func (f *traceFile) put(s string) {
	if f.err == nil {
		_, f.err = io.WriteString(f.w, s)
	}
}

func (f *traceFile) value(v any) {
	b, err := json.Marshal(v)
	if f.err == nil {
		f.err = err
	}
	f.put(string(b))
}

func (f *traceFile) add(s slice) {
	if !f.first {
		f.put(",")
	}
	f.first = false
	f.put("\n")
	f.value(s)
}

func (f *traceFile) meta(l *life, track int, name string, args map[string]any) {
	f.add(slice{Name: name, Cat: metadata, Phase: "M", PID: l.Index + 1, TID: track, Args: args})
}

// metadata is the category that Chrome gives what is no event; some readers need
// one of everything.
const metadata = "__metadata"

func (f *traceFile) names(l *life) {
	f.meta(l, 0, "process_name", map[string]any{"name": l.full()})
	f.meta(l, 0, "process_labels", map[string]any{"labels": clean(l.ID)})
	f.meta(l, 0, "process_sort_index", map[string]any{"sort_index": l.row})
	f.meta(l, lifeTrack, "thread_name", map[string]any{"name": "life"})
}

func (f *traceFile) span(l *life, track int, name, cat string, from, to time.Duration, args map[string]any) {
	dur := micros(max(0, to-from))
	f.add(slice{Name: name, Cat: cat, Phase: "X", TS: micros(from), Dur: &dur, PID: l.Index + 1, TID: track, Args: args})
}

// life is the process as a whole, and in it the time from the signal on.
func (f *traceFile) life(l *life) {
	born := max(0, l.Born)
	end := max(born, l.until(f.tree.Last))
	args := map[string]any{"node": clean(l.ID), "pid": l.PID, "state": l.State.String()}
	if l.Ended() {
		args["outcome"] = clean(l.Outcome())
	}
	if len(l.Argv) > 0 {
		args["command"] = cut(clean(joined(l.Argv)), 2000)
	}
	f.span(l, lifeTrack, l.name(), "process", born, end, args)
	if at, ok := l.asked(f.from); ok {
		at = min(max(at, born), end)
		f.span(l, lifeTrack, "ending: "+orElse(clean(l.Cause), clean(l.SigName)), "ending", at, end, nil)
	}
}

func (f *traceFile) moments(l *life) {
	for _, m := range l.marks {
		args := map[string]any{}
		if m.sender != "" {
			args["sender"] = clean(m.sender)
		}
		f.add(slice{Name: orElse(m.text, "begins to end"), Cat: "signal", Phase: "i", Scope: "p", TS: micros(max(0, m.at)), PID: l.Index + 1, TID: lifeTrack, Args: args})
	}
	for _, p := range l.pauses {
		what := "stopped"
		if p.held {
			what = "held"
		}
		f.add(slice{Name: what, Cat: "pause", Phase: "i", Scope: "p", TS: micros(max(0, p.from)), PID: l.Index + 1, TID: lifeTrack,
			Args: map[string]any{"for": tree.Took(p.to - p.from)}})
	}
}

// alive counts the processes, in a process of the trace of its own, above all: 0
// would be the idle process of a kernel.
func (f *traceFile) alive() {
	pid := len(f.tree.Nodes) + 1
	f.add(slice{Name: "process_name", Cat: metadata, Phase: "M", PID: pid, Args: map[string]any{"name": "all processes"}})
	f.add(slice{Name: "process_sort_index", Cat: metadata, Phase: "M", PID: pid, Args: map[string]any{"sort_index": -1}})
	type change struct {
		at time.Duration
		by int
	}
	var changes []change
	for _, l := range f.lives {
		changes = append(changes, change{max(0, l.Born), 1})
		if l.Ended() {
			changes = append(changes, change{max(0, l.Born, l.Gone), -1})
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Or(cmp.Compare(a.at, b.at), b.by-a.by) })
	count := 0
	for _, c := range changes {
		count += c.by
		f.add(slice{Name: "processes", Cat: "processes", Phase: "C", TS: micros(c.at), PID: pid, Args: map[string]any{"alive": count}})
	}
}
