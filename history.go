package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"multiexit/tree/history"
	"multiexit/tree/spec"
)

// historyFlags are the flags of history.
type historyFlags struct {
	options
	limit limit
}

// historyCommand lists the recordings that were kept by themselves.
func historyCommand() *cobra.Command {
	h := &historyFlags{}
	cmd := &cobra.Command{
		Use:     "history",
		Short:   "List the runs that were recorded, the newest first",
		Long:    historyHelp,
		Example: historyExamples,
		Args:    historyArguments,
		RunE:    func(*cobra.Command, []string) error { return h.list() },
	}
	f := cmd.Flags()
	h.theme = "auto"
	f.BoolVar(&h.json, "json", false, "print JSON, for programs")
	f.VarP(&h.limit, "limit", "n", "the newest `N` only")
	f.BoolVar(&h.ascii, "ascii", false, "draw with ASCII only (the default in a locale that is not UTF-8)")
	f.Var(&h.theme, "theme", "colours: auto, dark, light, ansi, mono")
	cmd.AddCommand(&cobra.Command{
		Use:               "rm RUN... | all",
		Aliases:           []string{"remove", "delete"},
		Short:             "Remove runs: by number, by id, or all",
		Long:              historyRmHelp,
		Example:           "  multiexit history rm 3\n  multiexit history rm @1 k7f2\n  multiexit history rm all",
		Args:              arguments(1, -1, "the number or the id of a run, or all"),
		ValidArgsFunction: completeRuns,
		RunE:              func(_ *cobra.Command, args []string) error { return removeRuns(args) },
	})
	return cmd
}

// historyArguments refuses arguments of history itself: what is no command of it is
// misspelt, or a run to be shown.
func historyArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	advice := "multiexit history alone lists the runs, rm removes some"
	if list, err := pastRuns(); err == nil {
		if _, err := history.Pick(list, args[0]); err == nil {
			advice = "to see that run again: multiexit replay " + args[0]
		}
	}
	if meant := spec.Near(args[0], commandNames(cmd)); meant != "" {
		advice = fmt.Sprintf("did you mean multiexit history %s?", meant)
	}
	return usage("history "+args[0], "no such command", advice)
}

// pastRun is one run as --json prints it.
type pastRun struct {
	Number int           `json:"number"`
	ID     string        `json:"id"`
	State  history.State `json:"state"`
	Path   string        `json:"path"`
	Link   string        `json:"link,omitzero"` // the file of --record
	Bytes  int64         `json:"bytes"`
	Err    string        `json:"err,omitzero"` // why nothing else is known
	*history.Summary
	Version int `json:"summary,omitzero"` // hides that of the Summary, which is about its file
}

func (h *historyFlags) list() error {
	list, err := pastRuns()
	if err != nil {
		return err
	}
	if n := int(h.limit); n > 0 {
		list = list[:min(n, len(list))]
	}
	all := make([]pastRun, 0, len(list))
	for i := range list {
		e := &list[i]
		p := pastRun{Number: e.Number, ID: e.ID, State: e.State, Path: e.Path, Link: e.Target, Bytes: e.Size}
		if p.Summary, err = e.Summary(); err != nil {
			p.Err = reason(err)
		}
		all = append(all, p)
	}
	catchPipe()
	if h.json {
		return stdoutError(printJSON(all))
	}
	if len(all) == 0 {
		fmt.Fprintln(os.Stderr, "multiexit: no runs yet (multiexit demo makes one; --no-record keeps none)")
		return nil
	}
	return stdoutError(printHistory(all, newLook(&h.options, h.colourProfile(os.Stdout), h.dark()), time.Now()))
}

// completeRuns offers what history rm takes.
func completeRuns(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	found, _ := completeRecordings(1<<20)(cmd, args, word)
	found = slices.DeleteFunc(found, func(s string) bool { return !strings.ContainsRune(s, '\t') }) // files
	if strings.HasPrefix("all", word) {
		found = append(found, "all\tevery run")
	}
	return found, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}

// removeRuns removes what all arguments mean, or nothing if one is wrong.
func removeRuns(args []string) error {
	store, err := history.Default()
	if err != nil {
		return usage("history rm", err.Error(), "")
	}
	list, err := pastRuns()
	if err != nil {
		return err
	}
	var gone []*history.Entry
	for _, arg := range args {
		if arg == "all" {
			gone = nil
			for i := range list {
				gone = append(gone, &list[i])
			}
			break
		}
		e, err := history.Pick(list, arg)
		if err != nil {
			return usage("history rm "+arg, err.Error(), "see multiexit history")
		}
		gone = append(gone, e)
	}
	return remove(store, gone)
}

// remove removes entries, each once, and says how many are left because somebody
// uses them.
func remove(store *history.Store, gone []*history.Entry) error {
	removed, busy := map[string]bool{}, 0
	for _, e := range gone {
		if removed[e.ID] {
			continue
		}
		switch err := store.Remove(e); {
		case errors.Is(err, history.ErrBusy):
			busy++
		case err != nil && !errors.Is(err, os.ErrNotExist):
			return usage("history rm "+e.ID, reason(err), "")
		default:
			removed[e.ID] = true
		}
	}
	if busy > 0 {
		return usage("history rm", fmt.Sprintf("%s removed, %d left: still running, or being read", count(len(removed), "run", "runs"), busy), "")
	}
	fmt.Println(count(len(removed), "run", "runs"), "removed")
	return nil
}
