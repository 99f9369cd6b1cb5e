package main

import (
	"os"
	"path/filepath"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/spf13/cobra"

	"multiexit/tree/diff"
	"multiexit/tree/tape"
	"multiexit/ui"
)

// diffFlags are the flags of diff.
type diffFlags struct {
	options
	screen bool
	shot   string
	size   size
}

// diffCommand says what is different between two runs.
func diffCommand() *cobra.Command {
	d := &diffFlags{size: size{120, 36}}
	cmd := &cobra.Command{
		Use:     "diff A B",
		Short:   "Say what is different between two recorded shutdowns",
		Long:    diffHelp,
		Example: diffExamples,
		Args:    arguments(2, 2, "two recordings: files, or runs of multiexit history"),
		RunE:    func(_ *cobra.Command, args []string) error { return d.run(args) },

		ValidArgsFunction: completeRecordings(2),
	}
	f := cmd.Flags()
	f.BoolVar(&d.screen, "screen", false, "show both runs in lanes, with what is different in them")
	f.BoolVar(&d.json, "json", false, "print JSON, for programs")
	f.StringVar(&d.shot, "shot", "", "write one picture of that screen to `OUT`: a name that ends in .svg, .txt or .ansi, or -")
	f.Var(&d.size, "size", "the size of --shot in cells")
	d.addLook(cmd)
	return cmd
}

func (d *diffFlags) run(args []string) error {
	switch {
	case d.json && (d.screen || d.shot != ""):
		return usage("diff --json", "is for programs, --screen and --shot are for people", "one or the other")
	case args[0] == "-" && args[1] == "-":
		return usage("diff - -", "standard input can be read once only", "name a file for one of the two")
	case d.screen && d.shot != "":
		return usage("diff --screen --shot", "one or the other", "--shot writes a picture of that screen")
	}
	var tapes [2]*tape.Tape
	for i, arg := range args {
		path, err := recording(arg)
		if err != nil {
			return err
		}
		if tapes[i], err = loadTape(path); err != nil {
			return err
		}
	}
	switch {
	case d.shot != "":
		return d.picture(args, tapes)
	case d.screen:
		how, err := d.output()
		if err == nil && how == toScreen {
			return d.onScreen(args, tapes)
		}
		if err != nil {
			return err
		}
	}
	return d.print(diff.Compare(tapes[0].Fold(), tapes[1].Fold()))
}

func (d *diffFlags) print(of diff.Diff) error {
	catchPipe()
	if d.json {
		return stdoutError(printJSON(of))
	}
	_, err := os.Stdout.WriteString(of.String())
	return stdoutError(err)
}

// sides are the runs as the screen shows them.
func sides(args []string, tapes [2]*tape.Tape) (both [2]ui.Side) {
	for i := range both {
		both[i] = ui.Side{Name: filepath.Base(args[i]), Show: shows(tapes[i])}
	}
	return both
}

// picture writes the screen as it is in the beginning.
func (d *diffFlags) picture(args []string, tapes [2]*tape.Tape) error {
	draw, err := drawingOf(d.shot)
	if err != nil {
		return err
	}
	look := ui.Options{ASCII: d.ascii}
	profile := d.pictureProfile()
	look.Profile, look.Theme = canvasProfile(profile), d.themeFor(profile, d.dark)
	both := sides(args, tapes)
	c := ui.ComparisonShot(look, both[0], both[1], d.size.w, d.size.h, 0)
	return writePicture(d.shot, draw(c, "diff "+both[0].Name+" "+both[1].Name))
}

// onScreen shows the comparison until it is left.
func (d *diffFlags) onScreen(args []string, tapes [2]*tape.Tape) error {
	steps := &ladder{}
	steps.listen()
	both := sides(args, tapes)
	sc, err := openScreen(&d.options, ui.Options{}, func(look ui.Options, opts ...tea.ProgramOption) *tea.Program {
		return ui.NewComparisonProgram(ui.NewComparison(look, both[0], both[1]), opts...)
	})
	if err != nil {
		return err
	}
	return sc.showUntilLeft(steps)
}
