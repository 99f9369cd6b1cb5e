// Package live runs commands and watches the trees of processes that grow from
// them: births, programs, signals, deaths, lines of output, and what those
// processes that import exitreg tell about their exit handlers. All of it comes
// as one stream of events (see tree.Event).
//
// # Sessions
//
// A session that Open makes is held: commands can be run in it, one after another
// or at once, until it is released or stopped; then it is over as soon as nobody
// lives. Each run is a root of its own, "0", "1", "2" and so on. While nobody
// lives a held session does nothing at all.
//
// # Ending
//
// Stop ends everything and StopNode a node with all below it, step by step: the
// stop signal to the topmost processes, SIGCONT to those that are stopped, the
// stop signal to all after half the grace period, SIGQUIT if a dump is wanted,
// and SIGKILL at its end, also to those who are born then. Each step is an event
// (exitreg.KindRung) and can be put off (Extend) or taken at once (Next).
//
// # How it is known
//
// On Linux a process is held by a pidfd from the moment it is found until it is
// gone, so a signal can never reach a stranger that got a recycled pid. Deaths
// and exit statuses are exact: commands and adopted orphans are reaped by
// their pid (never by wait4(-1), which would steal the statuses of other
// children of this program), and others are asked for through their pidfd
// (Linux 6.15) or, while they are zombies, through /proc. Where neither works
// the exit event has no Code, and its Text says so.
//
// Births are found by looking: every 10 ms while something changes, every 250 ms
// when nothing does. A process that lives for less than that may be missed
// altogether. What runs in a process, whether it is stopped and what SIGTERM would
// do are looked at more and more seldom as it stays the same, down to once in
// 5 ms times the number of processes; at once when it is signalled or speaks.
// An observer that the kernel tells about births fits behind the interface
// observer.
//
// # Containment
//
// Where there is a control group (version 2) that we may write to, a session has
// one of its own, multiexit-PID-N below ours, and every command is born in it: its
// list finds who has left everything else, its kill reaches all at once, and the
// session is not over before nobody is left in it. Elsewhere the tree is held
// together by parents (orphans are adopted by us), sessions, a mark in the
// environment, and a limit that is inherited and that nobody changes: the time
// that a real-time task may run (RLIMIT_RTTIME), 36,000 years and an odd number of
// microseconds. The header names which. A keeper, another process of the same
// program, takes all of it down when we are killed.
//
// With Command.PIDNamespace a command is process 1 of a pid namespace of its own, as
// in a container: signals without a handler do nothing to it but SIGKILL and SIGSTOP
// from outside, orphans become its children, and all end with it.
//
// # Long sessions
//
// Of a process that has ended its node is known until some thousands have ended
// after it and nobody below it is known any more; then nothing of it is kept. The
// root of a command stays, with how it ended: less than 1 KB.
//
// # Order
//
// The events of one process are in the order in which they happened. Across
// processes the stream is in order of arrival; Event.T is the time at the
// origin. What a process wrote to its observer before it died comes before its
// exit event. A birth carries the start time of the kernel (a tick of 10 ms).
//
// # Output
//
// Without a terminal, standard output and standard error of a command, and of all that descends from
// it, are two pipes. A pipe does not tell who wrote to it, so lines are attributed
// to the root. They are read to their end after the processes are gone; a stranger
// that still holds a pipe open is not waited for. Control characters stay in the
// text. Of a flood only so many lines a second become events, and its end; what is
// missing is counted in a note. The writer is never made to wait for it.
//
// # Terminals
//
// A command may have a terminal of its own (Command.PTY). What comes out of it are
// raw pieces of up to 4 KiB (Stream "pty"), not lines; nothing of it is dropped: a
// flood is held up by the terminal, and while the stream is full it is not read at
// all. Input and Resize go to the terminal of the command that a node belongs to.
//
// A terminal changes how things end. Ctrl-C typed into it signals the foreground
// process group. When the command itself exits, as the leader of the session, the
// kernel hangs up: SIGHUP to the foreground process group, and nobody can use what
// is open of the terminal any more. That is so in every terminal. We add nothing to
// it: our end stays open until everything below the command is gone.
//
// # Isolation
//
// Each command leads a session of its own. Without a terminal its standard input is
// /dev/null or a pipe, and it has no controlling terminal, so nothing below it can
// write to the screen. As in a container, the stop signals of a terminal (SIGTSTP,
// SIGTTIN, SIGTTOU) do not stop members of its process group then; SIGSTOP does.
package live
