package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Columns of a page of --help: where the texts of flags and commands begin, and
// where they end.
const (
	pageText  = 25
	pageWidth = 86
)

// printUsage prints what a page of --help says below its text.
func printUsage(cmd *cobra.Command) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Usage:\n  %s\n", cmd.UseLine())
	if cmd.HasAvailableSubCommands() && !strings.Contains(cmd.Use, "COMMAND") {
		fmt.Fprintf(&b, "  %s COMMAND [ARGS...]\n", cmd.CommandPath())
	}
	if len(cmd.Aliases) > 0 {
		fmt.Fprintf(&b, "\nAliases:\n  %s\n", cmd.NameAndAliases())
	}
	if cmd.HasExample() {
		fmt.Fprintf(&b, "\nExamples:\n%s\n", cmd.Example)
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString("\nCommands:\n")
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() || c.Name() == "help" {
				b.WriteString(hung("  "+c.Name(), c.Short, 15))
			}
		}
	}
	if cmd.HasAvailableLocalFlags() {
		b.WriteString("\nFlags:\n" + flagTexts(cmd.LocalFlags()))
	}
	if cmd.HasAvailableInheritedFlags() {
		b.WriteString("\nFlags of " + cmd.Parent().CommandPath() + ":\n" + flagTexts(cmd.InheritedFlags()))
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n\"%s COMMAND --help\" tells more about a command.\n", cmd.CommandPath())
	}
	_, err := fmt.Fprint(cmd.OutOrStderr(), b.String())
	return err
}

// flagTexts explains flags, one after the other.
func flagTexts(flags *pflag.FlagSet) string {
	var b strings.Builder
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, text := pflag.UnquoteUsage(f)
		if f.DefValue != "" && f.DefValue != "false" {
			text += " (default " + f.DefValue + ")"
		}
		b.WriteString(hung(flagForm(f, value), text, pageText))
	})
	return b.String()
}

// flagForm is a flag as it is written, with what its value is called.
func flagForm(f *pflag.Flag, value string) string {
	s := "      --" + f.Name
	if f.Shorthand != "" {
		s = "  -" + f.Shorthand + ", --" + f.Name
	}
	switch {
	case value == "":
		return s
	case f.NoOptDefVal != "":
		return s + "[=" + value + "]"
	}
	return s + " " + value
}

// hung are lines of text that begin in a column, beside a word or below it.
func hung(word, text string, column int) string {
	var b strings.Builder
	line, begun := word, false
	if utf8.RuneCountInString(word) > column-2 {
		b.WriteString(word + "\n")
		line = ""
	}
	for _, w := range strings.Fields(text) {
		if begun && utf8.RuneCountInString(line+" "+w) > pageWidth {
			b.WriteString(line + "\n")
			line, begun = "", false
		}
		if begun {
			line += " " + w
		} else {
			line, begun = fmt.Sprintf("%-*s%s", column, line, w), true
		}
	}
	return b.String() + line + "\n"
}
