package tty

import (
	"os"
	"os/signal"
	"syscall"
)

// Provoke lets one try out what a panic does to the terminal and to the tree.
// With MULTIEXIT_DEBUG_PANIC set, a SIGUSR1 makes the program panic: "goroutine"
// in a goroutine of ours, "raw" in one that nobody guards, "update" in the loop
// of the screen, where update must see to it; nil: there is no screen. Without
// that variable it does nothing.
func (p *Panics) Provoke(restore, update func()) {
	place := os.Getenv("MULTIEXIT_DEBUG_PANIC")
	if place == "" {
		return
	}
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, syscall.SIGUSR1)
	blow := func() { panic("forced by MULTIEXIT_DEBUG_PANIC=" + place) }
	go func() {
		<-ch
		switch {
		case place == "raw":
			blow()
		case place == "update" && update != nil:
			update()
		default:
			p.Spawn(restore, blow)
		}
	}()
}
