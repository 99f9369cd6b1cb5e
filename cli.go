package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"multiexit/tree"
)

// execute runs a command line and returns the exit status.
func execute(args []string) int {
	defer crash(nil)
	root := rootCommand()
	root.SetArgs(args)
	return report(root.Execute())
}

// report prints what went wrong, if anything did, and gives it its status.
func report(err error) int {
	var (
		status exit
		failed *failure
	)
	switch {
	case err == nil:
		return statusOK
	case errors.As(err, &status):
		return int(status)
	case errors.As(err, &failed):
		fmt.Fprintln(os.Stderr, "multiexit: "+tree.Clean(failed.Error()))
		return failed.status
	}
	fmt.Fprintln(os.Stderr, "multiexit: "+tree.Clean(err.Error()))
	return statusUsage // all that is left comes from the parser
}

func rootCommand() *cobra.Command {
	demo := newDemo()
	root := &cobra.Command{
		Use:           "multiexit",
		Short:         "See how your processes would exit, watch them exit, know why it went that way",
		Long:          rootHelp,
		Example:       rootExamples,
		Version:       version(),
		Args:          unknownCommand,
		RunE:          demo.run,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	demo.addFlags(root)
	root.SetVersionTemplate("multiexit {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.SetOut(os.Stdout)
	root.SetErr(os.Stderr)
	root.AddCommand(demoCommand(), runCommand(), replayCommand())
	root.SetHelpCommand(helpCommand())
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			c.Args, c.RunE = unknownShell, completion
		}
	}
	return root
}

// unknownCommand refuses arguments of multiexit itself: what is no command is
// most often one misspelt, or a scenario, or a program to run.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	word := args[0]
	advice := fmt.Sprintf("to watch a program: multiexit run -- %s", strings.Join(args, " "))
	if meant := near(word, commandNames(cmd)); meant != "" {
		advice = fmt.Sprintf("did you mean multiexit %s?", meant)
	} else if isScenario(word) {
		advice = fmt.Sprintf("did you mean multiexit demo %s?", word)
	}
	return usage(word, "unknown command", advice)
}

// arguments allows between least and most arguments (most < 0: any number).
func arguments(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return usage(cmd.Name(), "needs "+what, "see "+cmd.CommandPath()+" --help")
		case most >= 0 && len(args) > most:
			return usage(args[most], "one argument too many", "see "+cmd.CommandPath()+" --help")
		}
		return nil
	}
}
