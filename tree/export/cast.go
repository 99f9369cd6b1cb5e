package export

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"multiexit/tree/tape"
)

// castHeader is the first line of an asciicast v2:
// https://docs.asciinema.org/manual/asciicast/v2/
type castHeader struct {
	Version   int     `json:"version"`
	Width     int     `json:"width"`
	Height    int     `json:"height"`
	Timestamp int64   `json:"timestamp,omitzero"`
	Idle      float64 `json:"idle_time_limit,omitzero"`
	Title     string  `json:"title,omitzero"`
}

// writeCast writes a film: of the screen if the options have one, else of the
// events as lines.
func writeCast(w io.Writer, t *tape.Tape, o *Options) error {
	s := newStory(t, o)
	h := castHeader{Version: 2, Width: 100, Height: 30, Title: s.title}
	if start := s.header.Start; !start.IsZero() {
		h.Timestamp = start.Unix()
	}
	if o.Frame != nil {
		return s.film(w, h, o)
	}
	h.Idle = 2
	return s.lines(w, h, t)
}

// show writes one line of a cast: what the terminal gets, and when.
func show(w io.Writer, at time.Duration, what string) error {
	text, err := json.Marshal(what)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "[%s, \"o\", %s]\n", seconds(max(0, at)), text)
	return err
}

func writeHead(w io.Writer, h castHeader) error {
	b, err := json.Marshal(h)
	if err == nil {
		_, err = w.Write(append(b, '\n'))
	}
	return err
}

// lastLook is how long a film stays on its last frame.
const lastLook = 2 * time.Second

// film takes a frame as often as the options say. A frame that is like the one
// before is not written.
func (s *story) film(w io.Writer, h castHeader, o *Options) error {
	rate := 12
	if o.FPS > 0 {
		rate = min(o.FPS, 60)
	}
	frame := o.Frame(s.from)
	h.Width, h.Height = o.Cols, o.Rows
	if h.Width <= 0 || h.Height <= 0 {
		h.Width, h.Height = measure(frame)
	}
	if err := writeHead(w, h); err != nil {
		return err
	}
	if err := show(w, 0, "\x1b[?25l\x1b[?7l\x1b[2J"+paint("", frame)); err != nil {
		return err
	}
	apart := time.Second / time.Duration(rate)
	for at := s.from + apart; ; at += apart {
		at = min(at, s.to)
		if next := o.Frame(at); next != frame {
			if err := show(w, at-s.from, paint(frame, next)); err != nil {
				return err
			}
			frame = next
		}
		if at == s.to {
			return show(w, s.to-s.from+lastLook, "\x1b[?7h\x1b[?25h")
		}
	}
}

// paint puts a frame where the one before was: the lines that differ.
func paint(before, frame string) string {
	old, lines := rows(before), rows(frame)
	var b strings.Builder
	for i, line := range lines {
		if before != "" && i < len(old) && old[i] == line {
			continue
		}
		fmt.Fprintf(&b, "\x1b[%d;1H\x1b[K%s\x1b[0m", i+1, line) // erased first: behind a full line stands its last character
	}
	if len(old) > len(lines) {
		fmt.Fprintf(&b, "\x1b[%d;1H\x1b[J", len(lines)+1)
	}
	return b.String()
}

// rows are the lines of a frame.
func rows(frame string) []string {
	if frame == "" {
		return nil
	}
	frame = strings.TrimSuffix(strings.ReplaceAll(frame, "\r\n", "\n"), "\n")
	return strings.Split(frame, "\n")
}

// measure counts the columns and rows of a frame, without its sequences.
func measure(frame string) (cols, rows int) {
	for text := range strings.Lines(strings.TrimSuffix(frame, "\n")) {
		rows++
		cols = max(cols, cells(unpainted(strings.TrimRight(text, "\r\n"))))
	}
	return max(cols, 1), max(rows, 1)
}

// unpainted is a line without the sequences that set colours.
func unpainted(s string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "\x1b[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return r >= '@' && r <= '~' })
		s = rest[end+1:]
	}
}

// signs are the marks of lines, with their colours.
var signs = [...]struct{ sign, colour string }{
	calm: {"·", "90"}, alarm: {"↯", "33"}, starts: {"▸", "36"}, good: {"✓", "32"},
	gone: {"○", "90"}, bad: {"✗", "31"}, output: {"│", "90"}, remark: {"·", "90"},
}

func (s *story) lines(w io.Writer, h castHeader, t *tape.Tape) error {
	if err := writeHead(w, h); err != nil {
		return err
	}
	err := show(w, 0, "\x1b[?7l\x1b[1m"+s.title+"\x1b[0m\r\n\r\n") // what is too long for a line is cut off
	last := s.from
	tell(t, s.from, func(l line) bool {
		if err != nil || l.due > s.to {
			return false
		}
		last = max(last, l.due)
		err = show(w, last-s.from, l.painted(s.from))
		return true
	})
	if err != nil {
		return err
	}
	return show(w, s.to-s.from+lastLook, "\x1b[?7h\r\n")
}

func (l *line) painted(from time.Duration) string {
	sign := signs[l.mood]
	text := cut(l.text, 300)
	if l.mood == bad || l.mood == alarm {
		text = "\x1b[" + sign.colour + "m" + text + "\x1b[0m"
	}
	return fmt.Sprintf("\x1b[90m%8.3fs\x1b[0m  \x1b[%sm%s\x1b[0m \x1b[1m%s\x1b[0m  %s\r\n", (l.at - from).Seconds(), sign.colour, sign.sign, padded(cut(l.name, 16), 16), text)
}
