package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"multiexit/demo"
	"multiexit/tree/spec"
)

// demoFlags are the flags of demo, and of multiexit without a command.
type demoFlags struct {
	options
	n    number
	list bool
}

const defaultScenario = "shop"

func newDemo() *demoFlags { return &demoFlags{} }

func demoCommand() *cobra.Command {
	d := newDemo()
	cmd := &cobra.Command{
		Use:               "demo [SCENARIO]",
		Short:             "Start a scenario of real processes to play with",
		Long:              demoHelp + "\n\nScenarios:\n" + scenarioList(false),
		Example:           demoExamples,
		Args:              arguments(0, 1, ""),
		RunE:              d.run,
		ValidArgsFunction: cobra.FixedCompletions(scenarioNames(), cobra.ShellCompDirectiveNoFileComp),
	}
	d.addFlags(cmd)
	return cmd
}

func (d *demoFlags) addFlags(cmd *cobra.Command) {
	cmd.Flags().VarP(&d.n, "count", "n", "how many processes, for the scenarios wide and deep")
	cmd.Flags().BoolVar(&d.list, "list", false, "name the scenarios")
	d.addShow(cmd)
	d.addSession(cmd)
}

func (d *demoFlags) run(cmd *cobra.Command, args []string) error {
	if d.list {
		fmt.Print(scenarioList(true))
		return nil
	}
	name := defaultScenario
	if len(args) > 0 {
		name = args[0]
	}
	if !isScenario(name) {
		return usage(name, "no such scenario", spec.DidYouMean(name, scenarioNames()))
	}
	s, err := demo.Find(name, int(d.n))
	if err != nil {
		return &failure{status: statusUsage, what: "demo", why: err.Error()}
	}
	self, err := os.Executable()
	if err != nil {
		return &failure{status: statusFailed, what: "demo", why: "cannot find the program's own file: " + err.Error()}
	}
	argv, env := s.Command(self)
	return watchJob(&d.options, &job{
		title: s.Name,
		about: s.About,
		argv:  demoArgv(s),
		file:  &spec.File{Commands: []spec.Command{{Name: s.Root.Name, Argv: argv, Env: env}}},
	})
}

// demoArgv is the command that starts a scenario, as recordings have it.
func demoArgv(s demo.Scenario) []string {
	argv := []string{"multiexit", "demo", s.Name}
	if s.N > 0 {
		argv = append(argv, "-n", strconv.Itoa(s.N))
	}
	return argv
}

// demoOf is the scenario that a recording is of, if it is of one.
func demoOf(argv []string) (s demo.Scenario, ok bool) {
	if len(argv) < 3 || argv[0] != "multiexit" || argv[1] != "demo" {
		return s, false
	}
	n := 0
	if len(argv) == 5 {
		n, _ = strconv.Atoi(argv[4])
	}
	s, err := demo.Find(argv[2], n)
	return s, err == nil
}

func isScenario(name string) bool { return slices.Contains(scenarioNames(), name) }

func scenarioNames() []string {
	var names []string
	for _, s := range demo.List() {
		names = append(names, s.Name)
	}
	return names
}

// scenarioList is a line for each scenario, or two with the reason.
func scenarioList(why bool) string {
	var b strings.Builder
	for _, s := range demo.List() {
		b.WriteString(hung("  "+s.Name, s.About[0], 12))
		if why {
			b.WriteString(hung("", s.About[1], 12))
		}
	}
	return b.String()
}
