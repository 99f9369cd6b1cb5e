package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"multiexit/tree/spec"
)

// options are what the flags say.
type options struct {
	plain, json bool
	theme       theme
	noMotion    bool
	ascii       bool

	// Of a live session only.
	record    string
	noRecord  bool
	verdict   string
	noControl bool
	sends     sends
	length    duration // --for; 0: until the command has ended
	grace     grace    // 0: the default of tree/live
	faults    faults
	pace      pace
	holds     holds
	otlp      collector
}

var themes = []string{"auto", "dark", "light", "ansi", "mono"}

// addShow adds the flags that say how something is shown.
func (o *options) addShow(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&o.plain, "plain", false, "print lines instead of the screen (the default when stdout is no terminal)")
	f.BoolVar(&o.json, "json", false, "print events as JSON, one a line, for programs")
	o.addLook(cmd)
}

// addLook adds those that say how the screen looks.
func (o *options) addLook(cmd *cobra.Command) {
	f := cmd.Flags()
	o.theme = "auto"
	f.Var(&o.theme, "theme", "colours: "+strings.Join(themes, ", "))
	f.BoolVar(&o.noMotion, "no-motion", false, "no animation, end states only")
	f.BoolVar(&o.ascii, "ascii", false, "draw with ASCII only (the default in a locale that is not UTF-8)")
	cmd.RegisterFlagCompletionFunc("theme", cobra.FixedCompletions(themes, cobra.ShellCompDirectiveNoFileComp))
}

// addSession adds the flags of a session that runs processes.
func (o *options) addSession(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.record, "record", "", "write a recording to `FILE`, for multiexit replay")
	f.BoolVar(&o.noRecord, "no-record", false, "do not keep this session in the history")
	f.StringVar(&o.verdict, "verdict", "", "write what became of every process as JSON to `FILE` when all is over (- is standard error)")
	f.BoolVar(&o.noControl, "no-control", false, "open no socket for multiexit ctl and multiexit attach")
	f.Var(&o.sends, "send", "send a signal; NODE is a path id (0.1), the name of a process, a command or a group, a glob, or pid:N; "+
		"WHEN is settled (the default: 300 ms without a birth or a registration), 2s after the start, or +500ms after the --send before; repeatable")
	f.Var(&o.length, "for", "stop everything after this time, as 30s or 2m")
	f.Var(&o.grace, "grace", "time between the stop signal and SIGKILL when everything is stopped (default 10s)")
	f.Var(&o.faults, "fault", "break handlers on purpose: KIND is hang, delay:2s, fail, panic, skip, exit:3, kill[:500ms] or stop; "+
		"or processes: PROC=ignore[:INT], PROC=stop, PROC=kill. PROC is what NODE is, HANDLER a name or a glob; repeatable")
	f.Var(&o.pace, "pace", "let every process rest this long before each handler, up to 10s")
	f.Var(&o.holds, "hold", "hold every process before each of its handlers, until n, N or c on the screen, or multiexit ctl step or release; "+
		"WHERE says which, or makes it a breakpoint: PROC, PROC/HANDLER, PROC@TERM (a signal; @any), PROC@exit; repeatable")
	f.Lookup("hold").NoOptDefVal = "*"
	f.Var(&o.otlp, "otlp", "when all is over, send the shutdown to an OpenTelemetry collector as a trace: "+
		"http://host:4318, https://host/path, grpc://host:4317, or env for OTEL_EXPORTER_OTLP_ENDPOINT")
	cmd.MarkFlagFilename("record")
	cmd.MarkFlagFilename("verdict")
	cmd.RegisterFlagCompletionFunc("otlp", cobra.NoFileCompletions)
	cmd.RegisterFlagCompletionFunc("send", cobra.NoFileCompletions)
	cmd.RegisterFlagCompletionFunc("fault", cobra.NoFileCompletions)
	cmd.RegisterFlagCompletionFunc("hold", cobra.NoFileCompletions)
	cmd.RegisterFlagCompletionFunc("pace", cobra.NoFileCompletions)
	cmd.RegisterFlagCompletionFunc("for", cobra.NoFileCompletions)
	cmd.RegisterFlagCompletionFunc("grace", cobra.NoFileCompletions)
}

// theme is a flag that is one of themes.
type theme string

func (t *theme) String() string { return string(*t) }
func (t *theme) Type() string   { return "NAME" }

func (t *theme) Set(s string) error {
	if !slices.Contains(themes, s) {
		return &badValue{"no such theme", spec.DidYouMean(s, themes)}
	}
	*t = theme(s)
	return nil
}

// duration is a flag that is a time, not negative.
type duration time.Duration

func (d *duration) String() string {
	if *d == 0 {
		return ""
	}
	return time.Duration(*d).String()
}

func (d *duration) Type() string { return "DURATION" }

func (d *duration) Set(s string) error {
	v, err := parseDuration(s)
	*d = duration(v)
	return err
}

func parseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil {
		advice := "write 300ms, 2s or 1m30s"
		if _, err := time.ParseDuration(s + "s"); err == nil {
			advice = fmt.Sprintf("did you mean %ss?", s)
		}
		return 0, &badValue{"not a duration", advice}
	}
	if d < 0 {
		return 0, &badValue{"a time cannot be negative", "write 300ms, 2s or 1m30s"}
	}
	return d, nil
}

// grace is a duration that is not the default when it is 0: SIGKILL at once.
type grace time.Duration

func (g *grace) String() string { return (*duration)(g).String() }
func (g *grace) Type() string   { return "DURATION" }

func (g *grace) Set(s string) error {
	d, err := parseDuration(s)
	*g = grace(max(d, 1))
	return err
}

// number is a flag that is a positive whole number.
type number int

func (n *number) String() string {
	if *n == 0 {
		return ""
	}
	return strconv.Itoa(int(*n))
}

func (n *number) Type() string { return "N" }

func (n *number) Set(s string) error {
	v, err := parseCount(s, "processes")
	*n = number(v)
	return err
}

// limit is a flag that is how many are shown.
type limit int

func (l *limit) String() string { return (*number)(l).String() }
func (l *limit) Type() string   { return "N" }

func (l *limit) Set(s string) error {
	v, err := parseCount(s, "runs")
	*l = limit(v)
	return err
}

func parseCount(s, of string) (int, error) {
	v, err := strconv.Atoi(s)
	if err != nil || v < 1 {
		return 0, &badValue{"not a number of " + of, "write 1 or more"}
	}
	return v, nil
}

// badValue is what is wrong with the value of a flag.
type badValue struct{ why, advice string }

func (e *badValue) Error() string { return e.why }
