package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

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
	otlp   collector
}

// exportCommand writes a recording in the format of another program.
func exportCommand() *cobra.Command {
	e := &exportFlags{size: size{120, 36}}
	e.theme = "auto"
	cmd := &cobra.Command{
		Use:     "export [FILE|RUN] {-o OUT | --otlp URL}",
		Short:   "Write a recording as a picture, a page, a trace, a table",
		Long:    exportHelp + "\n\nFormats:\n" + formatList(),
		Example: "  multiexit export -o last.svg                   the last run that is over\n  multiexit export @2 -o shop.html\n  multiexit export shop.jsonl --format trace -o - | gzip > shop.trace.json.gz\n  multiexit export shop.jsonl --otlp http://localhost:4318",
		Args:    exportArguments,
		RunE:    e.run,

		ValidArgsFunction: completeRecordings(1),
	}
	f := cmd.Flags()
	f.StringVarP(&e.out, "output", "o", "", "write to `OUT`, a file, or - for standard output")
	f.StringVar(&e.format, "format", "", "`FORMAT` is one of "+strings.Join(formatNames(), ", ")+"; needed where the end of the name of OUT does not tell")
	f.BoolVar(&e.whole, "whole", false, "all of the recording, not the last shutdown in it")
	f.BoolVar(&e.screen, "screen", false, "of a cast: a film of the screen, not of lines")
	f.Var(&e.size, "size", "the size of the screen of --screen, in cells")
	f.Var(&e.theme, "theme", "colours of an svg and of --screen: dark or light")
	f.Var(&e.otlp, "otlp", "send it to an OpenTelemetry collector as a trace: http://host:4318, https://host/path, "+
		"grpc://host:4317, or env for OTEL_EXPORTER_OTLP_ENDPOINT")
	cmd.MarkFlagFilename("output")
	cmd.RegisterFlagCompletionFunc("otlp", cobra.NoFileCompletions)
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formatNames(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// exportArguments allows one recording. The file to write is no argument.
func exportArguments(cmd *cobra.Command, args []string) error {
	if out := len(args) - 1; out > 0 && export.FormatOf(args[out]) != "" {
		return usage(args[out], "one argument too many", "did you mean -o "+args[out]+"?")
	}
	return oneRecording()(cmd, args)
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
	files := e.otlp == collector{} || e.out != "" || e.format != ""
	format, err := "", error(nil)
	if files {
		format, err = e.formatOf()
	}
	if err == nil {
		err = e.fits(format, cmd.Flags().Changed)
	}
	if err != nil {
		return err
	}
	path, err := recordingOf(cmd, args)
	if err != nil {
		return err
	}
	t, err := loadTape(path)
	if err != nil {
		return err
	}
	if files {
		err = e.write(t, format)
	}
	if err != nil || e.otlp == (collector{}) {
		return err
	}
	return sendTape(t, e.otlp, e.whole)
}

// fits says whether the flags mean something for a format.
func (e *exportFlags) fits(format string, given func(string) bool) error {
	switch {
	case e.screen && format != "cast":
		return usage("--screen", "is for a cast", "add -o film.cast")
	case given("size") && !e.screen:
		return usage("--size", "is the size of a film", "add --screen -o film.cast")
	case given("theme") && e.theme != "auto" && e.theme != "dark" && e.theme != "light":
		return usage("--theme "+string(e.theme), "a file is dark or light", "write --theme dark or --theme light")
	case given("theme") && format != "svg" && !e.screen:
		return usage("--theme", "is for svg and --screen", "a page goes by what its reader prefers")
	}
	return nil
}

func (e *exportFlags) write(t *tape.Tape, format string) error {
	o := export.Options{
		Title: shows(t).Title, Whole: e.whole, Light: e.theme == "light",
		Cols: e.size.w,
	}
	o.Path, o.Findings = analysis(t)
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
		return "", usage("export", "where to?", "add -o shop.svg, -o - with --format, or --otlp URL")
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

// analysis is the critical path of a recording, and what there is to find in it.
func analysis(t *tape.Tape) (path []export.Step, findings []export.Finding) {
	r := check.Analyze(t.Fold())
	for _, s := range check.Main(r.Path) {
		path = append(path, export.Step{Node: s.Node, At: s.At, For: s.For, Text: s.Spent(), Injected: s.Injected})
	}
	for _, f := range r.Findings {
		findings = append(findings, export.Finding{Rule: f.Rule, Node: f.Node, Handler: f.Handler, At: f.At, Text: f.Text, Advice: f.Advice, Injected: f.Injected})
	}
	return path, findings
}

// film is the screen at any moment of a recording.
func (e *exportFlags) film(t *tape.Tape) func(time.Duration) string {
	show := shows(t)
	show.Motion, show.Theme = true, "dark"
	if e.theme == "light" {
		show.Theme = "light"
	}
	frame := ui.Film(t, e.size.w, e.size.h, show)
	return func(at time.Duration) string { return frame(at).String() }
}

// writeExport writes a file as a whole or not at all. What is there and no regular
// file, as /dev/null or a pipe, is written to and stays what it is; so does a link.
func writeExport(path string, write func(*os.File) error) error {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = writeInto(path, write)
	} else {
		to := path
		if err == nil {
			to, err = filepath.EvalSymlinks(path)
		} else if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		if err == nil {
			err = replaceFile(to, write)
		}
	}
	if err != nil {
		return usage("-o "+path, reason(err), "name a file in a directory you can write to")
	}
	return nil
}

func writeInto(path string, write func(*os.File) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	err = write(f)
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

func replaceFile(path string, write func(*os.File) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".multiexit-*")
	if err != nil {
		return err
	}
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
	return err
}
