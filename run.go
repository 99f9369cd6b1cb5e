package main

import (
	"strings"

	"github.com/spf13/cobra"

	"multiexit/tree/live"
)

func runCommand() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:     "run [flags] [--] COMMAND [ARGS...]",
		Short:   "Start a command and watch all its processes",
		Long:    runHelp,
		Example: runExamples,
		Args:    arguments(1, -1, "a command to run"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if args[0] == "" {
				return usage("run", "the command is empty", "see multiexit run --help")
			}
			return watchJob(&o, &job{
				title:   strings.Join(args, " "),
				start:   live.Options{Argv: args},
				command: true,
			})
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveDefault
		},
	}
	o.addShow(cmd)
	o.addSession(cmd)
	cmd.Flags().SetInterspersed(false) // what follows the command's name is the command's
	return cmd
}
