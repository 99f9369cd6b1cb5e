package main

import (
	"strings"

	"github.com/spf13/cobra"

	"multiexit/tree/spec"
)

const rootHelp = `Multiexit starts a tree of processes and shows, live, what SIGTERM would run in
each of them, what runs when it comes, and what went wrong: the exit handlers of
programs that import multiexit/exitreg, last in first out, own before inherited,
and what signals do to every other program.

Without a command it opens the demo: two dozen real processes to play with.

Keys in the screen:
  arrows, hjkl  move, fold        t      SIGTERM (shows first what it would run)
  enter, tab    stack, panes      T      SIGTERM to the whole subtree
  /             filter            s, F9  any signal       K  SIGKILL (asks)
  o             output, terminal  d      stop, by ladder  r  restart   S  start
  P, n, N, c    hold all processes before their handlers, step one, the tree; go on
  b, f          breakpoints, faults      a      why it takes so long
  e             details           :      every action by its name
  space         mark              Z , .  pause and step   x X  slower, faster
  ?             all keys          q      quit: ends all it started (asks)

In pipes and in CI it needs no terminal: --plain prints lines for people, --json
events for programs. Every session is recorded (history lists them, --no-record keeps
none); replay shows one again, analyze says why it took so long, diff compares two,
export makes a picture or a page of one, or a trace for OpenTelemetry (--otlp; run and
demo have it, too). "run -f" runs several commands from a Procfile or a
multiexit.yaml; ctl and attach reach a session from another terminal.

Whatever happens to multiexit, nothing it started outlives it and the terminal
stays usable. SIGTERM, SIGINT, SIGHUP or SIGQUIT to it: everything is stopped in
order (the stop signal, --grace, SIGKILL); a second one: the next rung now; a
third: SIGKILL, and it leaves.

Exit statuses:
  0    demo, history, replay, analyze, diff, export
       run: the status of the command (128+n: ended by signal n)
  2    bad flags, arguments or input; a --send, --fault or --hold that reached nobody
  125  multiexit itself failed, something survived (without --keep), or export --otlp
       reached nobody
  126  the command is not executable      127  the command was not found
  128+n  multiexit was told to end by signal n (141: nobody reads its output any more)

Environment: NO_COLOR, COLORTERM, COLORFGBG, LC_ALL/LC_CTYPE/LANG (UTF-8 or not),
MULTIEXIT_REDUCED_MOTION (as --no-motion), MULTIEXIT_NO_RECORD (as --no-record),
XDG_STATE_HOME (where the history is); with --otlp OTEL_* and TRACEPARENT.`

const rootExamples = `  multiexit                                   the demo
  multiexit run -- make serve                 any program, with all it starts
  multiexit run -f Procfile                   several commands (multiexit init)
  multiexit run --plain --for 5s -- ./server  in CI: stop it after 5 s, see who exits how
  multiexit demo readme --json --send main=TERM
  multiexit history                           what was run, and how it ended
  multiexit replay @1                         the last of them again`

const runHelp = `Starts a command, or all those of a file, and watches every process that comes of
them. Output is shown in the screen (lines with --plain, events with --json). The
standard input is empty and there is no terminal, as in a container; --pty gives
every command a terminal of its own, to type into.

A file is a Procfile (with the .env beside it) or a multiexit.yaml: dependencies,
readiness, restarts, and how each command is stopped. "multiexit init" writes an
example, "multiexit validate" checks one. Without a command and without -f, the
multiexit.yaml or Procfile of this directory is run.

When all commands have ended, or --for is over, what still lives is stopped, in the
reverse order of the start: the stop signal, the grace period, SIGKILL, until nobody
is left. --keep leaves alone what a command left behind. On the screen everything
stays until you quit, and what has ended can be started again.

--fault, --hold and --pace break, stop and slow down the exit handlers of programs
that import multiexit/exitreg, those to come included. A fault of a handler is one
of hang, delay:2s, fail, panic, skip, exit:3, kill[:500ms], stop; of a process
ignore[:INT], kill, or (of any program) stop. Recordings tell it from a real one.

--hold stops everybody before each handler; --hold=PROC/HANDLER before one,
--hold=PROC@TERM at a signal (@any), --hold=PROC@exit behind the last. "multiexit ctl
step" and "release" go on. Meanwhile time stands: no grace, no timeout runs out. A
program without exitreg is stopped before a signal of multiexit reaches it.

The exit status is that of the (first) command: 128+n if signal n ended it.`

const runExamples = `  multiexit run -- bash -c 'python3 -m http.server 0 & sleep 1000 & wait'
  multiexit run -f Procfile
  multiexit run --pty -- htop
  multiexit run --plain --send 0=TERM@2s -- ./server --port 8080
  multiexit run --json --send 'worker-*=TERM' --send 0=TERM@+500ms -- ./supervisor
  multiexit run --fault 'db-writer/flush-wal=hang' -- ./server
  multiexit run --hold='worker-*/flush-*' --hold=api@TERM -- ./supervisor
  multiexit run --pid-namespace -- ./server         as in a container: is SIGTERM ignored?
  multiexit run --otlp http://localhost:4318 -- ./server`

const initHelp = `Writes a multiexit.yaml in which every key is explained: commands, what they depend
on, when they are ready, how they are restarted and stopped. Without a FILE its name
is multiexit.yaml; - prints it.`

const validateHelp = `Reads a multiexit.yaml or a Procfile as run does (without a FILE that of this
directory), starts nothing, and prints every problem with its line and column; or, if
there is none, what would be run.

The exit status is 0 if the file is good, 2 if it is not.`

const ctlHelp = `Drives a session (multiexit, multiexit run, multiexit demo) that runs in another
terminal: each has a socket that only its user, and root, can open. With several
sessions, say which with -s PID; "ctl list" names them.

NAME is a command, a group of commands, a node such as 0.1, or all. NODE is what
run --send takes: a path id, a name, a glob or pid:N.

hold stops processes before each of their exit handlers; with --handler, --signal or
--exit it is a breakpoint. step lets those that are held go on to their next handler,
release lets them go; with one of the flags it takes that breakpoint back. Hold and
fault stand for processes to come, too, and release takes back what hold said for the
same NODE, without one for all. While anybody is held no grace and no timeout runs
out. A process that reports no handlers is stopped before a signal of multiexit is
sent to it; signals of others cannot be held back, nor its exit.

The exit status is 2 if there is no such session, command or process.`

// ctlPage is the text of a command of ctl: what its words mean.
func ctlPage(use, short string) string {
	const node = "\n\nNODE is a path id (0.1), a name, a glob ('worker-*') or pid:N"
	page := short + "."
	switch {
	case strings.Contains(use, "LINE"):
		page += "\n\nNAME is what it is called; without one, the first word of the LINE."
	case strings.Contains(use, "NAME..."):
		page += "\n\nNAME is a command, a group of commands, a node such as 0.1, or all."
	case strings.Contains(use, "[NODE"):
		page += node + "; without one all are meant."
	case strings.Contains(use, "NODE"):
		page += node + "."
	case strings.Contains(use, "PROC"):
		page += "\n\n" + faultWords
	}
	return page
}

const faultWords = `PROC is a path id (0.1), a name, a glob ('worker-*') or pid:N; HANDLER is a name or a
glob. KIND is hang, delay:2s, fail, panic, skip, exit:3, kill[:500ms] or stop; of a
process ignore[:INT], stop or kill; none takes back what was said for the same.`

// examplesOf are the examples of ctl that are of one of its commands.
func examplesOf(words string) string {
	var of []string
	for _, line := range strings.Split(ctlExamples, "\n") {
		if strings.HasPrefix(line+" ", "  multiexit "+words+" ") {
			of = append(of, line)
		}
	}
	return strings.Join(of, "\n")
}

const ctlExamples = `  multiexit ctl list
  multiexit ctl list -s 4711 --json
  multiexit ctl send api=TERM
  multiexit ctl send --scope subtree 'worker-*=HUP'
  multiexit ctl restart backend
  multiexit ctl add more 'echo more; sleep 10'
  multiexit ctl hold --handler 'flush-*' worker-1
  multiexit ctl hold --signal TERM api
  multiexit ctl step
  multiexit ctl release worker-1
  multiexit ctl fault 'api/close-db=delay:2s' 'worker-*/*=fail' db=ignore
  multiexit ctl events | jq 'select(.kind=="exit")'
  multiexit ctl logs -f api
  multiexit ctl stop`

const attachHelp = `Opens a second screen on a session that runs in another terminal (of the same user,
on the same machine). Both see the same stream, from its beginning; leaving one ends
nothing. Without a PID it is the only session there is.

With --readonly nothing can be signalled, started, stopped or typed from here, and the
selection follows that of the first screen: for an audience.

It does not attach to processes that multiexit has not started.`

const demoHelp = `Starts the real processes of a scenario: multiexit itself, playing every part.
Each scenario says in two sentences what to look at and why it happens.`

const demoExamples = `  multiexit demo --list
  multiexit demo faulty
  multiexit demo wide -n 1000
  multiexit demo readme --hold
  multiexit demo shop --fault 'worker-1/flush-wal=hang'
  multiexit demo nested --plain --send 'main=TERM'`

const historyHelp = `Every session is recorded by itself: what was run, when, what every process and
handler did, and all that was printed. The recordings are in the state directory of
the user ($XDG_STATE_HOME/multiexit, else ~/.local/state/multiexit), readable by
nobody else; the last 200 are kept, as far as they take no more than 2 GiB, and of
one no more than 1 GiB and a quarter of the disk's room: beyond that its lines of
output are left out. --no-record, or MULTIEXIT_NO_RECORD=1 in the environment, keeps
none. One with --record is in the list, too, as a link to its file.

Wherever a command takes the file of a recording, it takes a run of this list: @1 is
the newest, @2 the one before; the id stays the same when others follow. replay,
analyze and export take the newest that is over when none is named. A session that
was killed is in the list as cut off, and as good as far as it goes.

Only what ran here is in it: to keep a recording, copy it (--json tells its path).`

const historyExamples = `  multiexit history
  multiexit history --json | jq -r '.[0].path'
  multiexit replay                        the last one
  multiexit diff @2 @1                    what has changed since the one before
  multiexit history rm 3 k7f2
  multiexit history rm all`

const historyRmHelp = `Removes recordings from the history. A run is its number in the list (1 or @1 is the
newest), its id, or the beginning of that. A file of --record stays: only the link to
it is removed. What still runs is left.`

const replayHelp = `Shows a recording again in the same screen: pause, step, seek, slow motion; ctrl+g goes
to a time or an event, Enter on a line of the log to its moment. With --plain or
--json, or without a terminal, it is printed.

A recording is a run of multiexit history (@1 is the newest), the FILE of --record, or
what --json has printed; - is the standard input. "multiexit replay" alone shows the
last run that is over.

--shot writes one still picture instead: OUT.svg, OUT.txt (text only), OUT.ansi
(text with colours), or - for standard output.

A recording that is torn is shown as far as it is good; where it broke, by line and
byte, is said on standard error.`

const replayExamples = `  multiexit replay
  multiexit replay @2
  multiexit replay shop.jsonl
  multiexit replay shop.jsonl --plain
  multiexit replay shop.jsonl --shot shop.svg --at 1.9s --size 120x36 --theme dark`

const analyzeHelp = `Reads a recording (a file, or a run of multiexit history; without one the last that
is over) and says of the last shutdown in it: the critical path (the chain of
handlers and processes that made the whole take as long as it did), the blame (each
by its own time, slowest first; what it waited for is not its own, and what you held
it for is told apart), and the findings: what went wrong, by which rule, and what to
do.`

const exportHelp = `Writes the last shutdown of a recording (all of it with --whole) in another format,
by the end of the file's name or by --format; or sends it to a tracing system.

--otlp sends it to an OpenTelemetry collector: a span for the shutdown, for each
process below its parent's, and for each exit handler. grpc:// and port 4317 mean
gRPC, anything else HTTP, to which /v1/traces is added. The variables of the SDK are
honoured (OTEL_EXPORTER_OTLP_HEADERS, _PROTOCOL, _TIMEOUT, _CERTIFICATE,
OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES), and TRACEPARENT and TRACESTATE name the
trace that it belongs to. If it does not arrive, the exit status is 125.`

const diffHelp = `Compares the shutdowns of two recordings of the same program (files, or runs of
multiexit history: @2 @1 is the one before and the last): handlers gained, lost, in
another order, slower or faster beyond what is noise, failures, exit statuses; and
what came of each. It prints lines; with --screen both runs are shown in lanes on one
axis of time, one over the other.

Noise is a fifth of a time, and 100 ms of a handler, 300 ms of a process. Where the
runs themselves show a busy machine it is more: up to 0.5 s and 1 s.

The exit status is 0 whatever is found.`

const diffExamples = `  multiexit diff @2 @1
  multiexit diff --screen before.jsonl after.jsonl
  multiexit diff --json before.jsonl after.jsonl | jq '.changes[].kind'
  multiexit diff @2 @1 --shot diff.svg`

func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Explain a command",
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return usage("help "+args[0], "no such command", spec.DidYouMean(args[0], commandNames(cmd.Root())))
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}
