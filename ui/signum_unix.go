//go:build unix

package ui

import (
	"strconv"

	"golang.org/x/sys/unix"
)

// number is the number of a signal, as text; empty if it is not known.
func number(name string) string {
	if n := unix.SignalNum(name); n != 0 {
		return strconv.Itoa(int(n))
	}
	return ""
}
