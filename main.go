// Multiexit shows how the processes of a tree would exit, shows them exit, and
// says why it went the way it did.
//
// This package is the command line: it parses, wires the parts together, and
// gives the exit status.
package main

import (
	"os"

	"multiexit/demo"
	"multiexit/tree/live"
	"multiexit/ui/early"
	"multiexit/ui/tty"
)

func main() {
	early.Restore()
	// The program starts itself again for these; each does its work and ends.
	if live.Keeper(os.Args[1:]) || tty.Guard(os.Args[1:]) || demo.Worker(os.Args[1:]) {
		return
	}
	os.Exit(execute(os.Args[1:]))
}
