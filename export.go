package main

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"multiexit/tree"
	"multiexit/tree/check"
	"multiexit/tree/export"
	"multiexit/tree/spec"
	"multiexit/tree/tape"
	"multiexit/ui"
)

// exportFlags are the flags of export.
type exportFlags struct {
	options
	out    string
	format string
	whole  bool
	screen bool
	size   size
}

// exportCommand writes a recording in the format of another program.
func exportCommand() *cobra.Command {
	e := &exportFlags{size: size{120, 36}}
	e.theme = "auto"
	cmd := &cobra.Command{
		Use:     "export [FILE|RUN] -o OUT",
		Short:   "Write a recording as a picture, a page, a trace, a table",
		Long:    exportHelp + "\n\nFormats:\n" + formatList(),
		Example: "  multiexit export shop.jsonl -o shop.svg\n  multiexit export shop.jsonl -o shop.html\n  multiexit export shop.jsonl --format trace -o - | gzip > shop.trace.json.gz",
		Args:    oneRecording(),
		RunE:    e.run,

		ValidArgsFunction: completeRecordings(1),
	}
	f := cmd.Flags()
	f.StringVarP(&e.out, "output", "o", "", "the file to write, or - for standard output")
	f.StringVar(&e.format, "format", "", "one of "+strings.Join(formatNames(), ", ")+" (by the name of the file, if it tells)")
	f.BoolVar(&e.whole, "whole", false, "all of the recording, not the last shutdown in it")
	f.BoolVar(&e.screen, "screen", false, "of cast: a film of the screen, not of lines")
	f.Var(&e.size, "size", "the size of that screen in cells")
	f.Var(&e.theme, "theme", "of svg and of the screen: dark or light")
	cmd.MarkFlagFilename("output")
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formatNames(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func formatNames() (names []string) {
	for _, f := range export.Formats() {
		names = append(names, f.Name)
	}
	return names
}

func formatList() string {
	var b strings.Builder
	for _, f := range export.Formats() {
		b.WriteString("  " + f.Name + strings.Repeat(" ", 10-len(f.Name)) + f.Ends[0] + strings.Repeat(" ", 14-len(f.Ends[0])) + f.What + "\n")
	}
	return b.String()
}

func (e *exportFlags) run(cmd *cobra.Command, args []string) error {
	format, err := e.formatOf()
	if err != nil {
		return err
	}
	path, err := recordingOf(cmd, args)
	if err != nil {
		return err
	}
	t, err := readTape(path)
	if err != nil {
		return err
	}
	o := export.Options{
		Title: shows(t).Title, Whole: e.whole, Light: e.theme == "light",
		Findings: findings(t), Cols: e.size.w, Rows: 0,
	}
	if e.screen {
		o.Rows, o.Frame = e.size.h, e.film(t)
	}
	catchPipe()
	if e.out == "-" {
		return stdoutError(export.Write(os.Stdout, format, t, o))
	}
	return writeExport(e.out, func(f *os.File) error { return export.Write(f, format, t, o) })
}

// formatOf is the one that is asked for by name, or by the name of the file.
func (e *exportFlags) formatOf() (string, error) {
	switch {
	case e.format == "" && e.out == "":
		return "", usage("export", "where to?", "add -o shop.svg, or -o - with --format")
	case e.format == "" && e.out == "-":
		return "", usage("export -o -", "which format?", "add --format; there are: "+strings.Join(formatNames(), ", "))
	case e.out == "":
		e.out = "-"
	}
	format := e.format
	if format == "" {
		format = export.FormatOf(e.out)
	}
	for _, name := range formatNames() {
		if name == format {
			return format, nil
		}
	}
	if e.format != "" {
		return "", usage("--format "+e.format, "no such format", spec.DidYouMean(e.format, formatNames()))
	}
	return "", usage("-o "+e.out, "its name tells no format", "add --format; there are: "+strings.Join(formatNames(), ", "))
}

// findings are those of the analysis.
func findings(t *tape.Tape) (list []export.Finding) {
	for _, f := range check.Analyze(tree.Fold(t.Events)).Findings {
		list = append(list, export.Finding{Rule: string(f.Rule), Node: f.Node, Handler: f.Handler, At: f.At, Text: f.Text, Advice: f.Advice})
	}
	return list
}

// film is the screen at any moment of a recording.
func (e *exportFlags) film(t *tape.Tape) func(time.Duration) string {
	show := shows(t)
	show.Motion, show.Theme = true, "dark"
	if e.theme == "light" {
		show.Theme = "light"
	}
	return func(at time.Duration) string { return ui.Shot(t, at, e.size.w, e.size.h, show).String() }
}

// writeExport writes a file as a whole or not at all.
func writeExport(path string, write func(*os.File) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".multiexit-*")
	if err == nil {
		defer os.Remove(f.Name()) // gone by then, if all went well
		err = write(f)
		if e := f.Close(); err == nil {
			err = e
		}
		if err == nil {
			err = os.Chmod(f.Name(), 0o644)
		}
		if err == nil {
			err = os.Rename(f.Name(), path)
		}
	}
	if err != nil {
		return usage("-o "+path, reason(err), "name a file in a directory you can write to")
	}
	return nil
}
