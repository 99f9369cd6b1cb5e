package spec_test

import (
	"runtime"
	"strings"
	"testing"

	"multiexit/tree/spec"
)

func TestSignals(t *testing.T) {
	enter(t)
	for wrote, want := range map[string]string{
		"TERM": "SIGTERM", "SIGTERM": "SIGTERM", "sigint": "SIGINT", "15": "SIGTERM", "'9'": "SIGKILL",
		"0": "", "-1": "", "999": "", "TERM1": "", "CONT": "", "[TERM]": "",
		"SIGRTMIN+1": "SIGRTMIN+1", "rtmin": "SIGRTMIN", "RTMAX": "SIGRTMAX", "RTMAX-1": "SIGRTMIN+29", "35": "SIGRTMIN+1",
		"RTMIN-1": "", "RTMIN+31": "", "RTMIN+x": "", "RTMIN1": "", "33": "", "65": "", "19": "",
	} {
		if runtime.GOOS != "linux" && (strings.Contains(strings.ToUpper(wrote), "RT") || len(wrote) == 2 && want != "SIGTERM") {
			continue // real-time signals, and numbers of Linux
		}
		put(t, "multiexit.yaml", "commands: {web: {command: ./web, stop: {signal: "+wrote+"}}}\n")
		f, err := spec.Load("", nil)
		if want == "" {
			if err == nil {
				t.Errorf("%s: accepted as %s", wrote, f.Commands[0].Stop.Signal)
			}
		} else if err != nil {
			t.Error(err)
		} else if got := f.Commands[0].Stop.Signal; got != want {
			t.Errorf("%s: %s, want %s", wrote, got, want)
		}
	}
}
