package tty

import "golang.org/x/sys/unix"

// dup2 makes descriptor to another one of from.
func dup2(from, to int) error { return unix.Dup3(from, to, 0) }
