package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"multiexit/tree/spec"
	"multiexit/ui/tty"
)

// panics says what becomes of a panic, wherever it happens.
var panics = tty.Panics{Version: version, Status: statusFailed}

// asked is the command that runs, for what is said of its files.
var asked = "replay"

// execute runs a command line and returns the exit status.
func execute(args []string) int {
	defer panics.Recover(nil)
	root := rootCommand()
	root.SetArgs(args)
	return report(root.Execute())
}

func rootCommand() *cobra.Command {
	demo := newDemo()
	root := &cobra.Command{
		Use:              "multiexit",
		Short:            "See how your processes would exit, watch them exit, know why it went that way",
		Long:             rootHelp,
		Example:          rootExamples,
		Version:          version(),
		Args:             unknownCommand,
		RunE:             demo.run,
		SilenceErrors:    true,
		PersistentPreRun: func(cmd *cobra.Command, args []string) { asked = cmd.Name() },
		SilenceUsage:     true,
	}
	demo.addFlags(root)
	root.SetVersionTemplate("multiexit {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.SetUsageFunc(printUsage)
	root.SetOut(os.Stdout)
	root.SetErr(os.Stderr)
	root.AddCommand(demoCommand(), runCommand(), initCommand(), validateCommand(), ctlCommand(), attachCommand(), historyCommand(), replayCommand(), analyzeCommand(), exportCommand(), diffCommand())
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
	if meant := spec.Near(word, commandNames(cmd)); meant != "" {
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
			return usage(wordsOf(cmd), "needs "+what, "see "+cmd.CommandPath()+" --help")
		case most >= 0 && len(args) > most:
			return usage(args[most], "one argument too many", "see "+cmd.CommandPath()+" --help")
		}
		return nil
	}
}

// wordsOf is a command as its errors call it: "ctl kill".
func wordsOf(cmd *cobra.Command) string {
	return strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")
}

func unknownShell(cmd *cobra.Command, args []string) error {
	var shells []string
	for _, c := range cmd.Commands() {
		shells = append(shells, c.Name())
	}
	if len(args) == 0 {
		return usage("completion", "needs the name of a shell", "there are: "+strings.Join(shells, ", "))
	}
	return usage("completion "+args[0], "no such shell", spec.DidYouMean(args[0], shells))
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

// version is what the Go tool wrote into the binary.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	if v == "" || v == "(devel)" {
		v = "development"
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && !strings.Contains(v, s.Value[:min(12, len(s.Value))]):
			v += " " + s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true" && !strings.Contains(v, "dirty"):
			v += " modified"
		}
	}
	return v + " " + info.GoVersion
}
