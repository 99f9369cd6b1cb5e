package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"multiexit/tree"
	"multiexit/tree/live"
	"multiexit/tree/spec"
)

// Exit statuses. Those from 125 on are what env(1), timeout(1) and containers
// use: they tell a failure of the tool from one of the command it ran.
const (
	statusOK            = 0
	statusUsage         = 2   // bad flags, arguments or input
	statusFailed        = 125 // multiexit itself failed
	statusNotExecutable = 126 // the command is not executable
	statusNotFound      = 127 // the command was not found
	statusSignal        = 128 // and the signal's number: ended by a signal
)

// failure is an error for the user: one line that says what, why, and what to do
// about it. It decides the exit status.
type failure struct {
	status int
	what   string // what could not be done, or the bad word itself
	why    string // may be empty: what says it all
	advice string // may be empty
}

func (f *failure) Error() string {
	s := f.what
	if f.why != "" {
		s += ": " + f.why
	}
	if f.advice != "" {
		s += " (" + f.advice + ")"
	}
	return s
}

// usage is a failure of the command line.
func usage(what, why, advice string) *failure {
	return &failure{statusUsage, what, why, advice}
}

// exit is the status of a command that has nothing more to say.
type exit int

func (exit) Error() string { return "" }

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

// startFailure is a command that could not be started.
func startFailure(err error) *failure {
	f := &failure{status: statusFailed, what: "run", why: err.Error()}
	var command *live.CommandError
	if errors.As(err, &command) {
		f.what, f.why = command.Name, command.Why
	}
	switch {
	case errors.Is(err, exec.ErrNotFound):
		f.status, f.advice = statusNotFound, "check the spelling"
	case errors.Is(err, fs.ErrPermission):
		f.status, f.advice = statusNotExecutable, "name a program, or its interpreter before it"
	}
	if strings.HasSuffix(f.why, ")") {
		f.advice = "" // it has one already
	}
	return f
}

// commandStatus is the exit status of a command as a shell tells it.
func commandStatus(v live.Verdict) int {
	if v.Sig == "" {
		return v.Code
	}
	sig, err := live.ParseSignal(v.Sig)
	if err != nil {
		return statusFailed
	}
	return statusSignal + int(sig)
}

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
		if word := spec.Near(name, flagNames(cmd)); word != "" {
			advice = fmt.Sprintf("did you mean --%s?", word)
		}
		return usage("--"+name, "unknown flag", advice)
	case errors.As(err, &missing):
		return usage(flagName(missing.GetFlag()), "needs a value", help)
	case errors.As(err, &invalid):
		word := invalid.GetValue()
		if secret, ok := invalid.GetFlag().Value.(interface{ redacted(string) string }); ok {
			word = secret.redacted(word)
		}
		if word == "--" { // the end of the flags, where its value should be
			return usage(flagName(invalid.GetFlag()), "needs a value", help)
		}
		what := given(invalid.GetFlag(), tree.Clean(word))
		if errors.As(err, &value) {
			return usage(what, value.why, value.advice)
		}
		return usage(what, "bad value: "+invalid.Unwrap().Error(), help)
	}
	return usage(cmd.Name(), err.Error(), help)
}

// given is a flag with its value, as it was written.
func given(f *pflag.Flag, value string) string {
	sep := " "
	if f.NoOptDefVal != "" {
		sep = "="
	}
	if value == "" {
		value = `""`
	}
	return flagName(f) + sep + value
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
