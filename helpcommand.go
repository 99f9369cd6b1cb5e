package main

import (
	"strings"

	"github.com/spf13/cobra"
)

func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Explain a command",
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return usage("help "+args[0], "no such command", didYouMean(args[0], commandNames(cmd.Root())))
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}

func unknownShell(cmd *cobra.Command, args []string) error {
	var shells []string
	for _, c := range cmd.Commands() {
		shells = append(shells, c.Name())
	}
	if len(args) == 0 {
		return usage("completion", "needs the name of a shell", "there are: "+strings.Join(shells, ", "))
	}
	return usage("completion "+args[0], "no such shell", didYouMean(args[0], shells))
}

// completion is never run: its commands are, or unknownShell.
func completion(*cobra.Command, []string) error { return nil }

func commandNames(cmd *cobra.Command) []string {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return names
}
