package main

import (
	"os"

	"github.com/spf13/cobra"

	"multiexit/tree"
	"multiexit/tree/diff"
)

// diffCommand says what is different between two runs.
func diffCommand() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:     "diff A B",
		Short:   "Say what is different between two recorded shutdowns",
		Long:    diffHelp,
		Example: "  multiexit diff before.jsonl after.jsonl\n  multiexit diff --json before.jsonl after.jsonl",
		Args:    arguments(2, 2, "the files of two recordings"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var runs [2]*tree.Tree
			for i, path := range args {
				t, err := loadTape(path)
				if err != nil {
					return err
				}
				runs[i] = t.Fold()
			}
			d := diff.Compare(runs[0], runs[1])
			catchPipe()
			if o.json {
				return stdoutError(printJSON(d))
			}
			_, err := os.Stdout.WriteString(d.String())
			return stdoutError(err)
		},
	}
	cmd.Flags().BoolVar(&o.json, "json", false, "for programs")
	return cmd
}
