package live

import (
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                 "plain",
		"gr\u00fc\u00dfe":       "gr\u00fc\u00dfe",
		"a\x1b[31mb":            "a\uFFFD[31mb",
		"a\x9bb":                "a\uFFFDb",
		"c1 \u009b":             "c1 \uFFFD",
		"bidi \u202e\u2066":     "bidi \uFFFD\uFFFD",
		"two\nlines\tand tab":   "two lines and tab",
		"\xff\xfe":              "\uFFFD\uFFFD",
		strings.Repeat("x", 40): strings.Repeat("x", 29) + "...",
		strings.Repeat("ä", 40): strings.Repeat("ä", 14) + "...",
	} {
		got := clean(in, 32)
		if got != want || !utf8.ValidString(got) || len(got) > 32 {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCleanArgs(t *testing.T) {
	many := make([]string, 1000)
	if got := cleanArgs(many); len(got) != maxArgs+1 || got[maxArgs] != "..." {
		t.Errorf("%d arguments", len(got))
	}
	got := cleanArgs([]string{"a", strings.Repeat("x", 1<<20), "b"})
	if size := len(strings.Join(got, "")); size > maxText+64 {
		t.Errorf("%d bytes", size)
	}
}

func TestProgramName(t *testing.T) {
	for _, c := range []struct {
		argv []string
		comm string
		want string
	}{
		{[]string{"/usr/bin/python3", "x.py"}, "python3", "python3"},
		{[]string{"-bash"}, "bash", "bash"},
		{[]string{"nginx: worker process"}, "nginx", "nginx: worker process"},
		{[]string{"postgres: checkpointer "}, "postgres", "postgres: checkpointer"},
		{nil, "kworker/0:1", "kworker/0:1"},
		{[]string{""}, "comm", "comm"},
		{[]string{"/opt/a b/c d"}, "", "c d"},
		{[]string{"evil\x1b[2J"}, "", "evil\uFFFD[2J"},
	} {
		if got := programName(c.argv, c.comm); got != c.want {
			t.Errorf("programName(%q, %q) = %q, want %q", c.argv, c.comm, got, c.want)
		}
	}
}

func TestSignals(t *testing.T) {
	for in, want := range map[string]syscall.Signal{
		"TERM": 15, "SIGTERM": 15, "sigterm": 15, " term ": 15, "15": 15, "9": 9, "HUP": 1, "SIGUSR1": syscall.SIGUSR1,
	} {
		if got, err := ParseSignal(in); err != nil || got != want {
			t.Errorf("ParseSignal(%q) = %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "0", "-1", "65", "NOSUCH", "SIGRTMIN+99", "SIGRTMIN1", "SIGRTMIN+", "RT", "SIG"} {
		if got, err := ParseSignal(in); err == nil {
			t.Errorf("ParseSignal(%q) = %v", in, got)
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%q", err)
		}
	}
	for n := syscall.Signal(1); n <= maxSignal; n++ {
		name := SignalName(n)
		if strings.HasPrefix(name, "SIG") {
			if back, err := ParseSignal(name); err != nil || back != n {
				t.Errorf("%d is %s is %d, %v", n, name, back, err)
			}
		}
	}
	for _, name := range SignalNames() {
		if _, err := ParseSignal(name); err != nil {
			t.Error(err)
		}
	}
}
