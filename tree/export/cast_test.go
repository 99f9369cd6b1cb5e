package export_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"multiexit/tree/export"
)

// A film has a frame for each moment at which the screen differs, its lines end
// as a terminal needs it, and its size is that of the screen.
func TestFilm(t *testing.T) {
	tp := open(t, "../../docs/shop.jsonl")
	var asked []time.Duration
	text := written(t, "cast", tp, export.Options{FPS: 10, Frame: func(at time.Duration) string {
		asked = append(asked, at)
		return fmt.Sprintf("\x1b[1mhead\x1b[0m ✓\n%d s\n", at/time.Second)
	}})
	if err := soundCast(text); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if !strings.Contains(lines[0], `"width":6,"height":2`) {
		t.Errorf("header %s", lines[0])
	}
	if len(asked) < 30 || asked[1]-asked[0] != 100*time.Millisecond {
		t.Errorf("%d frames, from %v on", len(asked), asked[:2])
	}
	if len(lines) != 1+4+1 { // seconds 0 to 3, and the end
		t.Errorf("%d lines:\n%s", len(lines), text)
	}
	var event []any
	if err := json.Unmarshal([]byte(lines[2]), &event); err != nil || event[2] != "\x1b[2;1H\x1b[K1 s\x1b[0m" { // the line that differs
		t.Errorf("frame %q, %v", event, err)
	}
}

// The lines of a cast hold what happened, in words.
func TestLines(t *testing.T) {
	text := written(t, "cast", open(t, "../../docs/shop.jsonl"), export.Options{})
	for _, want := range []string{"sent SIGTERM by multiexit", "runs flush-wal", "notify-peers failed after", "flush-metrics done in"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Contains(text, "registered") {
		t.Error("lines of before the shutdown")
	}
}
