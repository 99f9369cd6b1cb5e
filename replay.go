package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"multiexit/tree"
	"multiexit/tree/history"
	"multiexit/tree/tape"
	"multiexit/ui"
)

// replayFlags are the flags of replay.
type replayFlags struct {
	options
	shot string
	at   duration
	size size
}

func replayCommand() *cobra.Command {
	r := &replayFlags{size: size{120, 36}}
	cmd := &cobra.Command{
		Use:     "replay [FILE|RUN]",
		Short:   "Show a recording again",
		Long:    replayHelp,
		Example: replayExamples,
		Args:    oneRecording(),
		RunE:    r.run,

		ValidArgsFunction: completeRecordings(1),
	}
	r.addShow(cmd)
	f := cmd.Flags()
	f.StringVar(&r.shot, "shot", "", "write one still picture to `OUT`: a name that ends in .svg, .txt or .ansi, or -")
	f.Var(&r.at, "at", "the moment of --shot, since the start of the recording (default: its end)")
	f.Var(&r.size, "size", "the size of --shot in cells")
	return cmd
}

func (r *replayFlags) run(cmd *cobra.Command, args []string) error {
	for _, name := range []string{"at", "size"} {
		if r.shot == "" && cmd.Flags().Changed(name) {
			return usage("--"+name, "is for --shot", "add --shot OUT.svg")
		}
	}
	how, err := r.replayOutput()
	if err != nil {
		return err
	}
	path, err := recordingOf(cmd, args)
	if err != nil {
		return err
	}
	from := readTape
	if r.shot != "" || how == toScreen {
		from = loadTape
	}
	t, err := from(path)
	if err != nil {
		return err
	}
	switch {
	case r.shot != "":
		at := t.Duration()
		if cmd.Flags().Changed("at") {
			at = min(at, time.Duration(r.at))
		}
		return r.picture(t, at)
	case how == toScreen:
		return r.onScreen(t, path)
	}
	return r.inLines(t, how)
}

// replayOutput is output, without a word about the screen for a picture.
func (r *replayFlags) replayOutput() (output, error) {
	if r.shot != "" && (r.plain || r.json) {
		return 0, usage("--shot", "writes a picture, not lines", "leave --plain and --json away")
	}
	if r.shot != "" {
		return toLines, nil
	}
	return r.output()
}

// readTape reads a recording, - from standard input. One that is torn is used as
// far as it is good; a line on standard error says so.
func readTape(path string) (*tape.Tape, error) { return tapeFrom(path, tape.Read) }

// loadTape is readTape into little memory: its events are read by All, or as a Reel.
func loadTape(path string) (*tape.Tape, error) { return tapeFrom(path, tape.Load) }

func tapeFrom(path string, read func(io.Reader) (*tape.Tape, error)) (*tape.Tape, error) {
	var t *tape.Tape
	f, err := os.Stdin, error(nil)
	if path == "-" {
		path = "standard input"
	} else {
		f, err = os.Open(path)
	}
	if err == nil {
		p := newProgress(f, path)
		t, err = read(p)
		p.done()
		f.Close()
	}
	var foreign *tape.FormatError
	switch {
	case errors.As(err, &foreign):
		f := usage(asked+" "+path, fmt.Sprintf("line %d, byte %d: %s", foreign.Line, foreign.Offset, foreign.Reason), "make one with --record FILE")
		if strings.HasSuffix(f.why, ")") {
			f.advice = "" // it has one already
		}
		return nil, f
	case err != nil:
		return nil, usage(asked+" "+path, reason(err), "name the file of a recording, or a run of multiexit history")
	case t.Damage != nil && history.Written(path):
		fmt.Fprintf(os.Stderr, "multiexit: %s %s: it is still being recorded (what there is of it is shown)\n", asked, tree.Clean(path))
	case t.Damage != nil:
		fmt.Fprintf(os.Stderr, "multiexit: %s %s: torn: %s (what is good of it is used)\n", asked, tree.Clean(path), tree.Clean(t.Damage.Error()))
	}
	return t, nil
}

// shows is what the screen says of a recording: its title and, of a demo, what
// there is to see.
func shows(t *tape.Tape) ui.Options {
	o := ui.Options{Title: "recording", Header: t.Header, Tape: t}
	if s, ok := demoOf(t.Header.Argv); ok {
		o.Title, o.About = s.Name, s.About
	} else if len(t.Header.Argv) > 0 {
		o.Title = titleOf(t.Header.Argv)
	}
	return o
}

// titleOf is what the screen calls a session: by its file, or its command.
func titleOf(argv []string) string {
	if len(argv) == 4 && argv[0] == "multiexit" && argv[1] == "run" && argv[2] == "-f" {
		return filepath.Base(argv[3])
	}
	return strings.Join(argv, " ")
}

// inLines prints a recording.
func (r *replayFlags) inLines(t *tape.Tape, how output) error {
	catchPipe()
	state := new(tree.Tree)
	if how == toJSON {
		if _, err := t.WriteTo(os.Stdout); err != nil { // with the keys that this version does not know
			return exit(sinkStatus(err))
		}
		return nil
	}
	to := newPlain(os.Stdout, state, newLook(&r.options, r.colourProfile(os.Stdout), r.dark()))
	for i := range t.Events { // one at a time: lines tell the state as it was then
		state.Apply(&t.Events[i])
		if err := to.Write(t.Events[i : i+1]); err != nil {
			return exit(sinkStatus(err))
		}
	}
	return nil
}

// onScreen plays a recording.
func (r *replayFlags) onScreen(t *tape.Tape, path string) error {
	steps := &ladder{}
	steps.listen()
	show := shows(t)
	show.Place = "this is " + path
	show.Others = otherRuns(t.Header.Argv, path)
	sc, err := newScreen(&r.options, show)
	if err != nil {
		return err
	}
	return sc.showUntilLeft(steps)
}
