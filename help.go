package main

import (
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
  o, a          output, terminal  d      stop, by ladder  r  restart   S  start
  e             details           :      every action by its name
  space         mark              P , .  pause and step   x X  slower, faster
  ?             all keys          q      quit: ends all it started (asks)

In pipes and in CI it needs no terminal: --plain prints lines for people, --json
events for programs. --record keeps a session; replay shows it again, analyze says
why it took so long, export makes a picture or a page of it. "run -f" runs several
commands from a Procfile or a multiexit.yaml; ctl and attach reach a session from
another terminal.

Whatever happens to multiexit, nothing it started outlives it and the terminal
stays usable. SIGTERM, SIGINT, SIGHUP or SIGQUIT to it: everything is stopped in
order (the stop signal, --grace, SIGKILL); a second one: the next rung now; a
third: SIGKILL, and it leaves.

Exit statuses:
  0    demo, replay, analyze   run: the status of the command (128+n: ended by signal n)
  2    bad flags, arguments or input; a --send or --fault that reached nobody
  125  multiexit itself failed, or something survived (without --keep)
  126  the command is not executable      127  the command was not found
  128+n  multiexit was told to end by signal n (141: nobody reads its output any more)

Environment: NO_COLOR, COLORTERM, COLORFGBG, LC_ALL/LC_CTYPE/LANG (UTF-8 or not),
MULTIEXIT_REDUCED_MOTION (as --no-motion).`

const rootExamples = `  multiexit                                   the demo
  multiexit run -- make serve                 any program, with all it starts
  multiexit run -f Procfile                   several commands; multiexit init writes a file
  multiexit run --plain --for 5s -- ./server  in CI: stop it after 5 s, see who exits how
  multiexit demo readme --json --send main=TERM
  multiexit demo --record shop.jsonl
  multiexit replay shop.jsonl`

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
that import multiexit/exitreg, those to come included. A fault is one of hang,
delay:2s, fail, panic, skip, exit:3; recordings tell it from a real one.

The exit status is that of the (first) command: 128+n if signal n ended it.`

const runExamples = `  multiexit run -- bash -c 'python3 -m http.server 0 & sleep 1000 & wait'
  multiexit run -f Procfile
  multiexit run --pty -- htop
  multiexit run --plain --send 0=TERM@2s -- ./server --port 8080
  multiexit run --json --send 'worker-*=TERM' --send 0=TERM@+500ms -- ./supervisor
  multiexit run --fault 'db-writer/flush-wal=hang' --grace 1m -- ./server
  multiexit run --pid-namespace -- ./server         as in a container: is SIGTERM ignored?`

const initHelp = `Writes a multiexit.yaml in which every key is explained: commands, what they depend
on, when they are ready, how they are restarted and stopped. - prints it.`

const validateHelp = `Reads a multiexit.yaml or a Procfile as run does, starts nothing, and prints every
problem with its line and column; or, if there is none, what would be run.

The exit status is 0 if the file is good, 2 if it is not.`

const ctlHelp = `Drives a session (multiexit, multiexit run, multiexit demo) that runs in another
terminal: each has a socket that only its user, and root, can open. With several
sessions, say which by --session PID; "ctl list" names them.

NAME is a command, a group of commands, a node such as 0.1, or all. NODE is what
run --send takes: a path id, a name, a glob or pid:N.

hold, step, release and fault are for the exit handlers of processes that report
them. hold and fault stand for processes to come, too; release takes back what hold
said for the same NODE, without one for all. step lets each process that waits
before a handler run it.

The exit status is 2 if there is no such session, command or process.`

const ctlExamples = `  multiexit ctl list
  multiexit ctl list --session 4711 --json
  multiexit ctl send api=TERM
  multiexit ctl send --scope subtree 'worker-*=HUP'
  multiexit ctl restart backend
  multiexit ctl hold --handler 'flush-*' worker-1
  multiexit ctl step
  multiexit ctl fault 'api/close-db=delay:2s' 'worker-*/*=fail'
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

const replayHelp = `Shows a recording (--record, or the output of --json) in the same screen: pause,
step, seek, slow motion; ctrl+g goes to a time or an event, Enter on a line of the
log to its moment. With --plain or --json, or without a terminal, it is printed.
- reads the standard input.

--shot writes one still picture instead: OUT.svg, OUT.txt (text only), OUT.ansi
(text with colours), or - for standard output.

A recording that is torn is shown as far as it is good; where it broke, by line and
byte, is said on standard error.`

const replayExamples = `  multiexit replay shop.jsonl
  multiexit replay shop.jsonl --plain
  multiexit replay shop.jsonl --shot shop.svg --at 1.9s --size 120x36 --theme dark`

const analyzeHelp = `Reads a recording and says of the last shutdown in it: the critical path (the chain
of handlers and processes that made the whole take as long as it did), the blame
(each by its own time, slowest first; what it waited for is not its own), and the
findings: what went wrong, by which rule, and what to do.`

const exportHelp = `Writes the last shutdown of a recording (all of it with --whole) in another format,
by the end of the file's name or by --format.`

const diffHelp = `Compares the shutdowns of two recordings of the same program: handlers gained, lost,
in another order, slower or faster beyond what is noise, failures, exit statuses.
The exit status is 0 whatever is found.`

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
