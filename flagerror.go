package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"multiexit/tree"
)

// flagError makes one line of ours from an error of the flag parser.
func flagError(cmd *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		missing *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
		value   *badValue
	)
	help := "see " + cmd.CommandPath() + " --help"
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		return usage("-"+unknown.GetSpecifiedShortnames(), "unknown flag", help)
	case errors.As(err, &unknown):
		name := unknown.GetSpecifiedName()
		advice := help
		if word := near(name, flagNames(cmd)); word != "" {
			advice = fmt.Sprintf("did you mean --%s?", word)
		}
		return usage("--"+name, "unknown flag", advice)
	case errors.As(err, &missing):
		return usage(flagName(missing.GetFlag()), "needs a value", help)
	case errors.As(err, &invalid):
		what := fmt.Sprintf("%s %s", flagName(invalid.GetFlag()), tree.Clean(invalid.GetValue()))
		if errors.As(err, &value) {
			return usage(what, value.why, value.advice)
		}
		return usage(what, "bad value: "+invalid.Unwrap().Error(), help)
	}
	return usage(cmd.Name(), err.Error(), help)
}

// flagName is a flag as it is mostly written.
func flagName(f *pflag.Flag) string {
	if f.Shorthand != "" {
		return "-" + f.Shorthand
	}
	return "--" + f.Name
}

func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return names
}
