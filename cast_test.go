package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
)

// player is a terminal that plays an asciicast.
type player struct {
	*vt.Emulator
	rest []string // the events that have not been played
}

func play(t *testing.T, cast string) *player {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(cast, "\n"), "\n")
	var head struct{ Version, Width, Height int }
	if err := json.Unmarshal([]byte(lines[0]), &head); err != nil || head.Version != 2 {
		t.Fatalf("%v: %s", err, lines[0])
	}
	return &player{vt.NewEmulator(head.Width, head.Height), lines[1:]}
}

// until plays what comes up to a moment.
func (p *player) until(t *testing.T, seconds float64) {
	t.Helper()
	for len(p.rest) > 0 {
		var event []any
		if err := json.Unmarshal([]byte(p.rest[0]), &event); err != nil || len(event) != 3 || event[1] != "o" {
			t.Fatalf("%v: %s", err, p.rest[0])
		}
		if event[0].(float64) > seconds {
			return
		}
		p.WriteString(event[2].(string))
		p.rest = p.rest[1:]
	}
}

// screen is what is to be read.
func (p *player) screen() string { return trimmed(p.String()) }

func trimmed(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \r")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// A film shows, at every moment, what the screen of the replay shows then.
func TestFilmIsTheScreen(t *testing.T) {
	w := newWorld(t)
	for _, size := range []string{"120x36", "80x24"} {
		film := w.run("export", shop(t), "--format", "cast", "--screen", "--size", size, "-o", "-")
		if film.status != 0 {
			t.Fatal(film.stderr)
		}
		p := play(t, film.stdout)
		const signal = 467586787 * time.Nanosecond // of the recording; the film begins there
		for _, frame := range []int{0, 6, 12, 24, 30, 38, 39} {
			at := time.Duration(frame) * (time.Second / 12)
			if frame == 39 {
				at = 10 * time.Second // the end
			}
			p.until(t, at.Seconds()+1e-6)
			shot := w.run("replay", shop(t), "--shot", "-", "--size", size, "--at", (signal + min(at, 3251925881)).String())
			if got, want := p.screen(), trimmed(shot.stdout); got != want {
				t.Errorf("%s, %v: the film shows\n%s\nthe screen is\n%s", size, at, got, want)
			}
		}
	}
}

// The lines of a cast stand as they are meant on a terminal: each in a row of its
// own, columns below each other, whatever it holds.
func TestCastLinesLineUp(t *testing.T) {
	w := newWorld(t)
	recording := w.write("x.jsonl", fmt.Sprintf(`{"multiexit":1,"start":"2026-01-01T00:00:00Z","argv":["x"],"host":"h","observer":"o"}
{"seq":1,"kind":"spawn","node":"0","pid":7,"name":"main"}
{"seq":2,"t":1000000,"kind":"signal","node":"0","sig":"SIGTERM"}
{"seq":3,"t":2000000,"kind":"out","node":"0","text":"%s","stream":"stdout"}
{"seq":4,"t":3000000,"kind":"out","node":"0","text":"\u001b[2J\u001b[5;5Hcleared\u0007\u202eright to left","stream":"stdout"}
{"seq":5,"t":4000000,"kind":"exit","node":"0","sig":"SIGTERM"}
{"seq":6,"t":5000000,"kind":"eof"}
`, strings.Repeat("long ", 100)))
	p := play(t, w.run("export", recording, "--format", "cast", "-o", "-").stdout)
	p.until(t, 100)
	rows := strings.Split(p.screen(), "\n")
	if len(rows) != 6 {
		t.Fatalf("%d rows:\n%s", len(rows), p.screen())
	}
	for i, want := range []string{"sent SIGTERM", "long long", "cleared", "SIGTERM"} {
		if row := []rune(rows[i+2]); len(row) < 35 || row[11] == ' ' || string(row[13:17]) != "main" || !strings.HasPrefix(strings.TrimLeft(string(row[31:]), "\uFFFD[2J5;H"), want) {
			t.Errorf("row %d is %q", i+2, rows[i+2])
		}
	}
}
