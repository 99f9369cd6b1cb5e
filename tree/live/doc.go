// Package live runs a command and watches the tree of processes that grows from
// it: births, programs, signals, deaths, lines of output, and what those
// processes that import exitreg tell about their exit handlers. All of it comes
// as one stream of events (see tree.Event).
//
// # How it is known
//
// On Linux a process is held by a pidfd from the moment it is found until it is
// gone, so a signal can never reach a stranger that got a recycled pid. Deaths
// and exit statuses are exact: the command and adopted orphans are reaped by
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
// # Order
//
// The events of one process are in the order in which they happened. Across
// processes the stream is in order of arrival; Event.T is the time at the
// origin. What a process wrote to its observer before it died comes before its
// exit event. A birth carries the start time of the kernel (a tick of 10 ms).
//
// # Output
//
// Standard output and standard error of the whole tree are two pipes. A pipe
// does not tell who wrote to it, so lines are attributed to node 0. They are
// read to their end after the processes are gone; a stranger that still holds a
// pipe open is not waited for. Control characters stay in the text. Of a flood
// only so many lines a second become events, and its end; what is missing is
// counted in a note. The writer is never made to wait for it.
//
// # Isolation
//
// The command leads a session of its own, with /dev/null as standard input: it
// has no controlling terminal, so nothing below it can write to the screen. As
// in a container, the stop signals of a terminal (SIGTSTP, SIGTTIN, SIGTTOU) do
// not stop members of its process group; SIGSTOP does.
package live
