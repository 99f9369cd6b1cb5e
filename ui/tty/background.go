package tty

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"time"
)

// queryTime bounds the wait for the terminal's answer. Over ssh it may take most
// of it; a terminal that gives none costs no more than this.
const queryTime = 150 * time.Millisecond

// readTime bounds the wait for our own reading of an answer that may be there.
const readTime = time.Second

// GuessBackground tells from the environment (COLORFGBG) whether the terminal's
// background is dark; ok is false if that says nothing. It asks nobody.
func GuessBackground() (dark, ok bool) { return colorFGBG(os.Getenv("COLORFGBG")) }

// colorFGBG reads "15;0" (rxvt, Konsole): the last is the background. 7 and 15
// are the light ones of the first sixteen.
func colorFGBG(v string) (dark, ok bool) {
	n, err := strconv.Atoi(v[strings.LastIndexByte(v, ';')+1:])
	if err != nil || n < 0 || n > 15 {
		return false, false
	}
	return n < 7 || n == 8, true
}

// AskBackground asks the terminal whether its background is dark; ok is false if
// it does not say in time, 150 ms, for which its saying counts and not when a busy
// machine lets us read it. It needs raw modes and ReadKeys, and takes the
// answers of the terminal meanwhile: one caller at a time.
//
// Asked is for the colour (OSC 11), and behind it for the attributes (DA1), which
// every terminal answers: when that answer comes there is nothing more to wait for.
func (t *Terminal) AskBackground() (dark, ok bool) {
	if _, err := t.out.WriteString("\x1b]11;?\x1b\\\x1b[c"); err != nil {
		return false, false
	}
	limit, late := time.After(queryTime), false
	for {
		select {
		case r := <-t.keys.replies:
			if bytes.HasPrefix(r, []byte("\x1b[")) {
				return dark, ok
			}
			if d, good := backgroundReply(r); good {
				dark, ok = d, true
			}
		case <-limit:
			if late || !t.keys.unread() {
				return dark, ok
			}
			limit, late = time.After(readTime), true // it came in time, but nobody had time to read it
		}
	}
}

// backgroundReply reads ESC ]11;rgb:RRRR/GGGG/BBBB and its end, with one to four
// hexadecimal digits a part (XParseColor).
func backgroundReply(r []byte) (dark, ok bool) {
	rest, ok := bytes.CutPrefix(r, []byte("\x1b]11;rgb:"))
	if !ok {
		return false, false
	}
	parts := strings.Split(strings.TrimRight(string(rest), "\x07\x1b\\"), "/")
	if len(parts) != 3 {
		return false, false
	}
	var light float64
	for i, weight := range []float64{.2126, .7152, .0722} { // ITU-R BT.709
		v, err := strconv.ParseUint(parts[i], 16, 16)
		if err != nil {
			return false, false
		}
		light += weight * float64(v) / float64(uint64(1)<<(4*len(parts[i]))-1)
	}
	return light < .5, true
}
