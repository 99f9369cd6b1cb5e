package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"multiexit/tree"
	"multiexit/tree/history"
	"multiexit/tree/spec"
)

// oneRecording are the arguments of a command that reads one recording, or the
// newest of the history.
func oneRecording() cobra.PositionalArgs { return arguments(0, 1, "") }

// recording is the file that an argument of a command means: a file, or a run of
// the history. It is kept from being removed until the process ends.
func recording(arg string) (string, error) {
	if arg == "-" {
		return arg, nil
	}
	if arg == "" {
		return "", usage(asked, "the name of the recording is empty", "see multiexit history")
	}
	_, err := os.Stat(arg)
	isFile := err == nil
	if isFile && !strings.HasPrefix(arg, "@") || strings.ContainsRune(arg, filepath.Separator) {
		return arg, nil
	}
	list, err := pastRuns()
	if err != nil {
		return "", err
	}
	e, err := history.Pick(list, arg)
	switch {
	case err != nil && isFile: // one that is called so
		return arg, nil
	case err != nil && strings.HasPrefix(arg, "@"):
		return "", usage(arg, err.Error(), "see multiexit history")
	case err != nil:
		advice := "see multiexit history"
		if meant := spec.Near(arg, recordingsHere()); meant != "" {
			advice = "did you mean " + meant + "?"
		}
		return "", usage(arg, "no such file, and no run of the history", advice)
	}
	return keepWhileRead(e), nil
}

// newestRecording is the newest run of the history that is over.
func newestRecording(cmd *cobra.Command) (string, error) {
	list, err := pastRuns()
	if err != nil {
		return "", err
	}
	e := history.Newest(list)
	switch {
	case e == nil && len(list) > 0:
		return "", usage(cmd.Name(), "no run of the history is over yet", "what there is of the newest: "+cmd.CommandPath()+" @1")
	case e == nil:
		return "", usage(cmd.Name(), "there is no recording yet", "multiexit run -- COMMAND makes one; or name a file: "+cmd.CommandPath()+" FILE")
	}
	return keepWhileRead(e), nil
}

// recordingOf is the file of a command's only argument, or the newest.
func recordingOf(cmd *cobra.Command, args []string) (string, error) {
	if len(args) == 0 {
		return newestRecording(cmd)
	}
	return recording(args[0])
}

// keepWhileRead keeps a run of the history while it is read.
func keepWhileRead(e *history.Entry) string {
	e.Hold()
	return e.Path
}

// pastRuns is the history, the newest first.
func pastRuns() ([]history.Entry, error) {
	store, err := history.Default()
	if err == nil {
		var list []history.Entry
		if list, err = store.List(); err == nil {
			return list, nil
		}
	}
	return nil, usage("history", err.Error(), "set XDG_STATE_HOME to a directory of yours")
}

// completeRecordings offers the runs of the history, by id and by number, and the
// files of this directory.
func completeRecordings(most int) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return func(_ *cobra.Command, args []string, word string) (found []string, _ cobra.ShellCompDirective) {
		if len(args) >= most {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		list, _ := pastRuns()
		for i := range list[:min(len(list), 30)] {
			e := &list[i]
			name := e.ID
			if strings.HasPrefix(word, "@") {
				name = fmt.Sprint("@", e.Number)
			}
			if strings.HasPrefix(name, word) {
				found = append(found, name+"\t"+brief(e))
			}
		}
		if len(found) == 0 {
			return nil, cobra.ShellCompDirectiveDefault
		}
		for _, f := range recordingsHere() {
			if strings.HasPrefix(f, word) {
				found = append(found, f)
			}
		}
		return found, cobra.ShellCompDirectiveKeepOrder
	}
}

// recordingsHere are the files of this directory that are called as recordings are.
func recordingsHere() []string {
	files, _ := filepath.Glob("*.jsonl")
	return files
}

// brief is a run of the history in a few words.
func brief(e *history.Entry) string {
	s := e.Began.Local().Format("2 Jan 15:04")
	if e.State != history.Complete {
		s += ", " + string(e.State)
	}
	if sum, err := e.Summary(); err == nil {
		s = tree.Clean(commandLine(sum.Argv)) + ", " + s
	}
	return s
}
