package history

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"multiexit/tree"
	"multiexit/tree/check"
	"multiexit/tree/tape"
)

// Summary is what a list says of a recording.
type Summary struct {
	Version   int           `json:"summary"` // 2
	Start     time.Time     `json:"start"`
	Argv      []string      `json:"argv"`
	Took      time.Duration `json:"took"`              // of the whole session
	Read      bool          `json:"read"`              // the recording was read: what follows is known
	Processes int           `json:"processes"`         //
	Handlers  int           `json:"handlers"`          //
	Signal    string        `json:"signal,omitzero"`   // that began the last shutdown; "" if there was none
	Shutdown  time.Duration `json:"shutdown,omitzero"` // how long that took
	Ended     string        `json:"ended,omitzero"`    // how the first command did, or how many of several failed
	Failed    int           `json:"failed"`            // processes that did not end as intended
	Injected  int           `json:"injected,omitzero"` // processes that did not because of a fault
	Survivors int           `json:"survivors"`         //
	Findings  int           `json:"findings"`          //
}

// version is the format of summaries; others are not read.
const version = 2

// Sum is the summary of what a recording holds.
func Sum(h tree.Header, t *tree.Tree) *Summary {
	report := check.Analyze(t)
	sum := &Summary{
		Version: version, Start: h.Start, Argv: h.Argv, Took: t.Last, Read: true,
		Processes: t.Counts.Total(), Failed: t.Counts.Failed, Survivors: t.Counts.Alive(),
		Signal: tree.Clean(report.Cause), Shutdown: report.Total, Ended: ending(t), Findings: len(report.Findings),
	}
	for _, n := range t.Nodes {
		if n.Sabotaged() {
			sum.Failed--
			sum.Injected++
		}
		for _, h := range n.Handlers() {
			if h.State != tree.Removed {
				sum.Handlers++
			}
		}
	}
	return sum
}

// ending is how the only command ended, or how many of several failed.
func ending(t *tree.Tree) string {
	failed := 0
	for _, c := range t.Commands {
		if c.State == tree.CommandFailed {
			failed++
		}
	}
	switch n := len(t.Commands); {
	case n > 1 && failed > 0:
		return fmt.Sprintf("%d of %d failed", failed, n)
	case n > 0 && t.Commands[0].Node != nil:
		return t.Commands[0].Node.Outcome()
	case n == 0 && len(t.Roots) > 0:
		return t.Roots[0].Outcome()
	}
	return ""
}

// Well says that nothing went wrong in how a session ended.
func (sum *Summary) Well() bool { return sum.Failed == 0 && sum.Survivors == 0 }

func summaryPath(path string) string {
	return strings.TrimSuffix(strings.TrimSuffix(path, ext), running) + ".json"
}

// save writes a summary as a whole or not at all. It can be made again.
func (sum *Summary) save(path string) {
	text, err := json.Marshal(sum)
	if err != nil {
		return // a start beyond year 9999
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return
	}
	defer os.Remove(f.Name())
	_, err = f.Write(append(text, '\n'))
	if f.Close() == nil && err == nil {
		os.Rename(f.Name(), path)
	}
}

// read is how large a recording may be that is read because its summary is missing.
const read = 16 << 20

// Summary is that of an entry. Where it is missing it is made from the recording
// and, if nothing will be added to that, kept. Of one that is too large to read
// only Start, Argv and Took are told.
func (e *Entry) Summary() (*Summary, error) {
	path := summaryPath(e.Path)
	var sum Summary
	if text, err := os.ReadFile(path); err == nil && e.State != Running && json.Unmarshal(text, &sum) == nil && sum.Version == version {
		return &sum, nil
	}
	if e.Size <= read {
		t, err := tape.Open(e.Path)
		if err != nil {
			return nil, err
		}
		made := Sum(t.Header, tree.Fold(t.Events))
		if e.State != Running {
			made.save(path)
		}
		return made, nil
	}
	h, err := header(e.Path)
	if err != nil {
		return nil, err
	}
	sum = Summary{Version: version, Start: h.Start, Argv: h.Argv}
	if end, ok := last(e.Path, e.Size); ok {
		sum.Took = end.T
	}
	return &sum, nil
}
