package spec

import "testing"

func TestNear(t *testing.T) {
	words := []string{"shop", "readme", "nested", "faulty", "wide", "deep"}
	for wrote, want := range map[string]string{
		"shpo": "shop", "fault": "faulty", "Nested": "nested", "raedme": "readme", "wdie": "wide", "de": "deep",
		"x": "", "": "", "supervisor": "", "abcd": "",
	} {
		if got := Near(wrote, words); got != want {
			t.Errorf("%q: %q, want %q", wrote, got, want)
		}
	}
}
