package ui

import (
	"strings"
	"testing"
)

func TestShortRuns(t *testing.T) {
	for in, want := range map[string]string{
		"HUP RTMIN RTMIN+1": "HUP RTMIN RTMIN+1", "IO PWR RTMIN+1 RTMIN+2 RTMIN+3 SYS": "IO PWR RTMIN+1 to RTMIN+3 SYS", "": "",
		strings.Join(realTimes, " "): "RTMIN to RTMAX",
	} {
		if got := strings.Join(shortRuns(strings.Fields(in)), " "); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
