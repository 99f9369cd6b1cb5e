package ui

import (
	"runtime"
	"strconv"
	"strings"
)

// withRealTime adds the names of the real-time signals to those of the others:
// the lower half counts from SIGRTMIN, the upper from SIGRTMAX, as kill -l has it.
func withRealTime(names []string) []string {
	if len(names) == 0 || runtime.GOOS != "linux" {
		return names
	}
	all := append([]string(nil), names...)
	for n := firstRealTime; n <= lastRealTime; n++ {
		all = append(all, realTime(n))
	}
	return all
}

// The C library keeps 32 and 33 for itself; see signal(7).
const (
	firstRealTime = 34
	lastRealTime  = 64
)

// realTimes are all of them, without SIG.
var realTimes = func() (all []string) {
	for n := firstRealTime; n <= lastRealTime; n++ {
		all = append(all, short(realTime(n)))
	}
	return all
}()

func realTime(n int) string {
	switch {
	case n == firstRealTime:
		return "SIGRTMIN"
	case n == lastRealTime:
		return "SIGRTMAX"
	case n <= (firstRealTime+lastRealTime)/2:
		return "SIGRTMIN+" + strconv.Itoa(n-firstRealTime)
	}
	return "SIGRTMAX-" + strconv.Itoa(lastRealTime-n)
}

// signalNumber is the number of a signal, as text; empty if it is not known.
func signalNumber(name string) string {
	if rest, ok := strings.CutPrefix(name, "SIGRTMIN"); ok {
		n, _ := strconv.Atoi(rest) // "+3" is a number to Atoi
		return strconv.Itoa(firstRealTime + n)
	}
	if rest, ok := strings.CutPrefix(name, "SIGRTMAX"); ok {
		n, _ := strconv.Atoi(rest)
		return strconv.Itoa(lastRealTime + n)
	}
	return number(name)
}

// fate is what the default action of a signal does; see signal(7).
type fate uint8

const (
	fateTerm fate = iota // ends the process
	fateCore             // ends it with a core dump
	fateNone             // nothing
	fateStop
	fateCont
)

func fateOf(sig string) fate {
	switch sig {
	case "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGIOT", "SIGBUS", "SIGFPE", "SIGSEGV", "SIGXCPU", "SIGXFSZ", "SIGSYS":
		return fateCore
	case "SIGCHLD", "SIGCLD", "SIGURG", "SIGWINCH":
		return fateNone
	case "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU":
		return fateStop
	case "SIGCONT":
		return fateCont
	}
	return fateTerm
}

// word is the short name of a fate, for a list of signals.
func (f fate) word() string {
	return [...]string{"ends", "dumps core", "nothing", "stops", "continues"}[f]
}

// outright says that no program can catch, ignore or block a signal.
func outright(sig string) bool { return sig == "SIGKILL" || sig == "SIGSTOP" }
