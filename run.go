package main

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"multiexit/tree/spec"
)

// runFlags are the flags of run.
type runFlags struct {
	options
	file         string
	pty          bool
	keep         bool
	pidNamespace bool
	dump         duration
}

func runCommand() *cobra.Command {
	r := &runFlags{}
	cmd := &cobra.Command{
		Use:     "run [flags] [-f FILE | [--] COMMAND [ARGS...]]",
		Short:   "Start a command, or those of a file, and watch all their processes",
		Long:    runHelp,
		Example: runExamples,
		RunE:    r.run,
		ValidArgsFunction: func(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveDefault
		},
	}
	f := cmd.Flags()
	f.StringVarP(&r.file, "file", "f", "", "run the commands of `FILE`: a Procfile or a multiexit.yaml (multiexit init writes one)")
	f.BoolVar(&r.pty, "pty", false, "give every command a terminal of its own")
	f.BoolVar(&r.keep, "keep", false, "leave alone what the commands leave running when they end, and name it")
	f.BoolVar(&r.pidNamespace, "pid-namespace", false, "make every command PID 1 of a namespace of its own, as in a container")
	f.Var(&r.dump, "dump", "send SIGQUIT for a stack dump this long before SIGKILL")
	cmd.MarkFlagFilename("file")
	r.addShow(cmd)
	r.addSession(cmd)
	f.SetInterspersed(false) // what follows the command's name is the command's
	return cmd
}

func (r *runFlags) run(cmd *cobra.Command, args []string) error {
	file, err := r.commands(cmd, args)
	if err != nil {
		return err
	}
	if cmd.Flags().Changed("grace") { // what is said here wins over the file
		for i := range file.Commands {
			file.Commands[i].Stop.Grace = time.Duration(r.grace)
		}
	}
	argv := args
	if len(args) == 0 {
		argv = []string{"multiexit", "run", "-f", file.Path}
	}
	err = watchJob(&r.options, &job{
		title: titleOf(argv), argv: argv, file: file, command: true,
		pty: r.pty, keep: r.keep, pidNamespace: r.pidNamespace, dump: time.Duration(r.dump),
	})
	if f := (*failure)(nil); errors.As(err, &f) && f.status == statusNotFound && r.holds.bare() {
		f.advice += "; a place for --hold is written --hold=" + args[0]
	}
	return err
}

// commands are what is to be run: the one of the command line, or those of a file.
func (r *runFlags) commands(cmd *cobra.Command, args []string) (*spec.File, error) {
	named := cmd.Flags().Changed("file")
	switch {
	case named && len(args) > 0:
		return nil, usage(args[0], "a command and a file cannot be run together", "write the command into "+r.file)
	case len(args) > 0 && args[0] == "":
		return nil, usage("run", "the command is empty", "see multiexit run --help")
	case len(args) > 0:
		return spec.Single(args), nil
	case !named && !anyFile():
		return nil, usage("run", "needs a command to run, or a file with -f FILE", "multiexit init writes a file; see multiexit run --help")
	}
	return loadFile(r.file)
}

// loadFile reads a file; "" is the one in this directory.
func loadFile(path string) (*spec.File, error) {
	file, err := spec.Load(path, os.Environ())
	if err == nil {
		return file, nil
	}
	return nil, fileFailure(path, err)
}

// fileFailure is what is wrong with a file, as one line.
func fileFailure(path string, err error) *failure {
	var bad spec.Errors
	var pe *fs.PathError
	switch {
	case errors.As(err, &bad):
		return &failure{status: statusUsage, what: bad.Error()}
	case errors.As(err, &pe):
		return usage(pe.Path, pe.Err.Error(), "multiexit init writes an example")
	}
	return &failure{status: statusUsage, what: err.Error()}
}

// anyFile says whether this directory has a file that run would read by itself.
func anyFile() bool {
	for _, name := range []string{"multiexit.yaml", "multiexit.yml", "Procfile"} {
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			return true
		}
	}
	return false
}
