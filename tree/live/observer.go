package live

// observer finds the processes of a session. It is called by the watching
// goroutine, with the session locked, and enters what it finds through the
// session's own methods (found, became, setStopped ...). Deaths are not its
// business: those come from the handle that is held on every process.
//
// The scan needs nothing but /proc. One to which the kernel reports births has
// a descriptor to wait on and the same methods.
type observer interface {
	name() string        // what it is, and what it misses: for the header
	fd() int             // readable when there is something to look at; -1: look from time to time
	births(all bool) int // enter the processes born since the last call, and tell how many; all: take nothing for granted
	refresh(p *proc)     // read again what p runs, whether it is stopped, what SIGTERM would do
	locate(pid int) *proc
	escaped() int // enter what carries our mark but has left the tree, and tell how many
	close()
}
