package main

import (
	"fmt"
	"slices"

	"multiexit/tree"
	"multiexit/tree/history"
	"multiexit/tree/tape"
	"multiexit/ui"
)

// otherRuns are the runs of the history that one of a command can be compared with:
// those of the same command first, each the newest first. The one at path is left
// out.
func otherRuns(argv []string, path string) func() ([]ui.Other, error) {
	return func() ([]ui.Other, error) {
		list, err := pastRuns()
		if err != nil {
			return nil, err
		}
		var alike, rest []ui.Other
		for i := range list {
			e := &list[i]
			sum, err := e.Summary()
			if err != nil || e.State == history.Running || e.Path == path || e.Target == path && path != "" {
				continue
			}
			o := ui.Other{Name: otherName(e, sum), Open: func() (ui.Side, error) { return sideOf(e) }}
			if slices.Equal(sum.Argv, argv) {
				alike = append(alike, o)
			} else {
				rest = append(rest, o)
			}
		}
		return append(alike, rest...), nil
	}
}

func otherName(e *history.Entry, sum *history.Summary) string {
	s := fmt.Sprintf("%s %s, %s", e.ID, commandLine(sum.Argv), sum.Start.Local().Format("2 Jan 15:04:05"))
	if sum.Signal != "" {
		s += fmt.Sprintf(", %s %s", sum.Signal, tree.Took(sum.Shutdown))
	}
	return tree.Clean(s)
}

// sideOf reads a run of the history.
func sideOf(e *history.Entry) (ui.Side, error) {
	e.Hold()
	t, err := tape.Open(e.Path)
	if err != nil {
		return ui.Side{}, err
	}
	return ui.Side{Name: e.ID, Show: shows(t)}, nil
}
