package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"multiexit/tree"
	"multiexit/tree/spec"
)

const exampleFile = "multiexit.yaml"

// initCommand writes a file to begin with.
func initCommand() *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:     "init [FILE]",
		Short:   "Write an example of a multiexit.yaml, with everything explained",
		Long:    initHelp,
		Example: "  multiexit init\n  multiexit init - | less\n  multiexit init && $EDITOR multiexit.yaml && multiexit run -f multiexit.yaml",
		Args:    arguments(0, 1, ""),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := exampleFile
			if len(args) > 0 {
				name = args[0]
			}
			return writeExample(name, force)
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "overwrite a file that is there")
	return cmd
}

func writeExample(name string, force bool) error {
	if name == "-" {
		_, err := fmt.Print(spec.Example())
		return err
	}
	how := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if force {
		how = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(name, how, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return usage("init "+name, "the file exists", "name another one, or overwrite it with --force")
	}
	if err == nil {
		_, err = f.WriteString(spec.Example())
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return usage("init "+name, reason(err), "name a file in a directory you can write to")
	}
	fmt.Printf("wrote %s: change its commands, then multiexit run -f %s\n", tree.Clean(name), tree.Clean(name))
	return nil
}

// validateCommand checks a file without running it.
func validateCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "validate [FILE]",
		Short:   "Check a multiexit.yaml or a Procfile, and say what it would run",
		Long:    validateHelp,
		Example: "  multiexit validate\n  multiexit validate Procfile.dev",
		Args:    arguments(0, 1, ""),
		RunE: func(cmd *cobra.Command, args []string) error {
			path := ""
			if len(args) > 0 {
				path = args[0]
			}
			return validate(path)
		},
	}
}

// validate prints every problem, or what there is to run.
func validate(path string) error {
	file, err := spec.Load(path, os.Environ())
	var bad spec.Errors
	if errors.As(err, &bad) {
		for _, e := range bad {
			fmt.Fprintln(os.Stderr, "multiexit: "+tree.Clean(e.Error()))
		}
		return exit(statusUsage)
	}
	if err != nil {
		return fileFailure(path, err)
	}
	fmt.Printf("%s: %s\n", tree.Clean(file.Path), count(len(file.Commands), "command", "commands"))
	for _, c := range file.Commands {
		fmt.Println("  " + tree.Clean(c.Name+": "+outline(&c)))
	}
	return nil
}

// outline is what becomes of a command, in a line.
func outline(c *spec.Command) string {
	argv := c.Argv
	if len(argv) == 3 && argv[0] == "/bin/sh" && argv[1] == "-c" {
		argv = argv[2:]
	}
	s := strings.Join(argv, " ")
	var after []string
	for _, d := range c.After {
		after = append(after, d.Name+" is "+string(d.When))
	}
	if len(after) > 0 {
		s += "  (after " + strings.Join(after, ", ") + ")"
	}
	return s
}
