package ui

import (
	"strings"
	"testing"

	"multiexit/tree"
)

func TestFilter(t *testing.T) {
	ignored := tree.Event{Kind: "disposition", Node: "0.1", Sig: "SIGTERM", Text: "ignored", T: ms(20)}
	w := watching(t, shop(), []tree.Event{ignored}, fall())
	for _, tt := range []struct{ text, want string }{
		{"", "main api worker-1 worker-2 queue compactor"},
		{"   ", "main api worker-1 worker-2 queue compactor"},
		{"worker", "worker-1 worker-2"},
		{"WORKER-2", "worker-2"},
		{"name:api", "api"},
		{"pid:1003", "worker-1"},
		{"pid:100", "main api worker-1 worker-2 queue compactor"},
		{"pid:", "main api worker-1 worker-2 queue compactor"}, // not typed to the end
		{"state:exited", "worker-1"},
		{"state:gone", "worker-1"},
		{"state:li", "main api worker-2 queue compactor"},
		{"state:ignored", "queue"},
		{"state:nonsense", ""},
		{"handler:listen", "api"},
		{"handler:flush", "worker-1"},
		{"worker state:live", "worker-2"},
		{"worker-1 worker-2", ""},
		{"other:thing", ""},
		{"no such", ""},
	} {
		w.search(tt.text)
		w.refresh()
		var got []string
		for _, r := range w.rows {
			if !r.via {
				got = append(got, r.node.Name)
			}
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%q shows %q, want %q", tt.text, s, tt.want)
		}
		if tt.text != "" && w.filter.active() && w.filter.hits != len(got) {
			t.Errorf("%q: %d hits, want %d", tt.text, w.filter.hits, len(got))
		}
	}
}

// A filter by state follows what happens.
func TestFilterIsLive(t *testing.T) {
	w := watching(t, shop())
	w.press("/", "state:exiting")
	if len(w.rows) != 0 || w.cursor != "" {
		t.Fatalf("%d rows, cursor %q", len(w.rows), w.cursor)
	}
	w.feed(fall()[0])
	if len(w.rows) != 3 || w.cursor != "0.0.0" {
		t.Errorf("%d rows, cursor %q, want worker-1 below its parents", len(w.rows), w.cursor)
	}
}

func TestFilterEditing(t *testing.T) {
	for _, tt := range []struct{ keys, want string }{
		{"/ a b", "ab"},
		{"/ a b backspace", "a"},
		{"/ a backspace backspace", ""},
		{"/ a space b ctrl+w", "a "},
		{"/ a b ctrl+u", ""},
		{"/ a enter q", "a"}, // q is a command again
		{"/ a esc", ""},
		{"/ a enter esc", ""},
		{"/ q t K", "qtK"},
		{"/ <65;10;5M a", "a"},
	} {
		w := watching(t, shop())
		w.press(keys(tt.keys)...)
		if w.filter.text != tt.want {
			t.Errorf("%s: %q, want %q", tt.keys, w.filter.text, tt.want)
		}
	}
}
