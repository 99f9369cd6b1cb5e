package ui

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"

	"multiexit/ui/canvas"
)

const (
	consoleCols, consoleRows = 80, 24 // of a terminal whose size nobody told
	consoleMost              = 1000   // columns or rows: what tells more is wrong
	scrollback               = 500    // lines that left the screen at the top
)

// console is what the terminal of a command shows after some of what was written
// to it. It is a fold: it answers what a program asks its terminal into replies,
// and does nothing else. One goroutine at a time owns it.
type console struct {
	em         *vt.Emulator
	cols, rows int
	replies    []byte             // what the program asked and is to be told
	modes      map[ansi.Mode]bool // that are set
	hidden     bool               // the cursor
	alt        bool               // the screen of a program that fills it
	title      string
	pen        uv.Style // for a state
	top, low   int      // scroll region, 0-based and behind; 0, 0: all
	colors     [2]canvas.Color
	broken     int // how often the emulation gave up
}

// newConsole makes an empty screen. Colours are what it says when it is asked
// for those of text and background.
func newConsole(cols, rows int, text, back canvas.Color) *console {
	c := &console{cols: cols, rows: rows, colors: [2]canvas.Color{text, back}}
	c.reset()
	return c
}

func (c *console) reset() {
	c.em = vt.NewEmulator(c.cols, c.rows)
	// The emulator answers into a pipe and waits until somebody reads. With the
	// pipe closed it does not, and the answers are given here.
	if p, ok := c.em.InputPipe().(io.Closer); ok {
		p.Close()
	}
	c.em.SetScrollbackSize(scrollback)
	c.modes = map[ansi.Mode]bool{ansi.ModeAutoWrap: true, ansi.ModeTextCursorEnable: true}
	c.hidden, c.alt, c.pen, c.top, c.low = false, false, uv.Style{}, 0, 0
	c.em.SetCallbacks(vt.Callbacks{
		Title:            func(s string) { c.title = s },
		AltScreen:        func(on bool) { c.alt = on },
		CursorVisibility: func(shown bool) { c.hidden = !shown },
		EnableMode:       func(m ansi.Mode) { c.modes[m] = true },
		DisableMode:      func(m ansi.Mode) { delete(c.modes, m) },
	})
	c.listen()
}

// size is what a chunk says of the size of the terminal from there on: "80x24".
func (c *console) size(s string) {
	w, h, ok := strings.Cut(s, "x")
	cols, err1 := strconv.Atoi(w)
	rows, err2 := strconv.Atoi(h)
	if ok && err1 == nil && err2 == nil {
		c.resize(cols, rows)
	}
}

func (c *console) resize(cols, rows int) {
	if cols < 1 || rows < 1 || cols > consoleMost || rows > consoleMost || cols == c.cols && rows == c.rows {
		return
	}
	c.cols, c.rows, c.top, c.low = cols, rows, 0, 0
	c.em.Resize(cols, rows)
}

// listen adds to what the emulator understands: the questions, for it would
// answer them into its pipe, and what a state needs that it does not tell.
func (c *console) listen() {
	answer := func(s string) bool { c.replies = append(c.replies, s...); return true }
	c.em.RegisterCsiHandler('c', func(ansi.Params) bool { return answer(ansi.PrimaryDeviceAttributes(62, 1, 6, 22)) })
	c.em.RegisterCsiHandler(ansi.Command('>', 0, 'c'), func(ansi.Params) bool { return answer(ansi.SecondaryDeviceAttributes(1, 10, 0)) })
	c.em.RegisterCsiHandler('n', func(p ansi.Params) bool { return answer(c.status(p, "\x1b[")) })
	c.em.RegisterCsiHandler(ansi.Command('?', 0, 'n'), func(p ansi.Params) bool { return answer(c.status(p, "\x1b[?")) })
	c.em.RegisterCsiHandler(ansi.Command(0, '$', 'p'), func(p ansi.Params) bool { return answer(c.mode(p, true)) })
	c.em.RegisterCsiHandler(ansi.Command('?', '$', 'p'), func(p ansi.Params) bool { return answer(c.mode(p, false)) })
	for i, cmd := range [...]int{10, 11} {
		c.em.RegisterOscHandler(cmd, func(data []byte) bool {
			if !bytes.HasSuffix(data, []byte(";?")) {
				return true // the colours of the pane are those of the screen
			}
			r, g, b := c.colors[i].Parts()
			return answer(fmt.Sprintf("\x1b]%d;rgb:%02x%02x/%02x%02x/%02x%02x\x1b\\", cmd, r, r, g, g, b, b))
		})
	}
	c.em.RegisterCsiHandler('m', func(p ansi.Params) bool { uv.ReadStyle(p, &c.pen); return false })
	c.em.RegisterCsiHandler('r', func(p ansi.Params) bool {
		top, _, _ := p.Param(0, 1)
		low, _, _ := p.Param(1, c.rows)
		c.top, c.low = max(top, 1)-1, low
		return false
	})
	for _, cmd := range []int{'@', 'A', 'B', 'C', 'D', 'E', 'F', 'I', 'L', 'M', 'P', 'S', 'T', 'X', 'Z', 'a', 'b', 'e'} {
		c.em.RegisterCsiHandler(cmd, c.tooMuch)
	}
	c.em.RegisterEscHandler('c', func() bool { c.pen, c.top, c.low = uv.Style{}, 0, 0; return false })
}

// tooMuch drops what would be done more often than there are cells: a program
// that repeats a character a thousand million times must not hold the screen up.
func (c *console) tooMuch(p ansi.Params) bool {
	n, _, _ := p.Param(0, 1)
	return n > c.cols*c.rows
}

// status answers DSR: that all is well, or where the cursor stands.
func (c *console) status(p ansi.Params, intro string) string {
	switch n, _, _ := p.Param(0, 0); n {
	case 5:
		return "\x1b[0n"
	case 6:
		at := c.em.CursorPosition()
		return fmt.Sprintf("%s%d;%dR", intro, at.Y+1, at.X+1)
	}
	return ""
}

func (c *console) mode(p ansi.Params, isANSI bool) string {
	n, _, _ := p.Param(0, 0)
	var mode ansi.Mode = ansi.DECMode(n)
	if isANSI {
		mode = ansi.ANSIMode(n)
	}
	setting := ansi.ModeReset
	if c.modes[mode] {
		setting = ansi.ModeSet
	}
	return ansi.ReportMode(mode, setting)
}

// kept are the modes that a state sets again.
var kept = []ansi.DECMode{
	ansi.ModeCursorKeys, ansi.ModeNumericKeypad, ansi.ModeMouseX10, ansi.ModeMouseNormal, ansi.ModeMouseHighlight,
	ansi.ModeMouseButtonEvent, ansi.ModeMouseAnyEvent, ansi.ModeFocusEvent, ansi.ModeMouseExtSgr, ansi.ModeBracketedPaste,
}

// state is what would have to be written to an empty terminal to make it show
// the same. What is below a program that fills the screen is not in it.
func (c *console) state() string {
	var b strings.Builder
	b.WriteString("\x1bc")
	if c.alt {
		b.WriteString("\x1b[?1049h")
	}
	for y, row := range strings.Split(c.em.Render(), "\n") {
		if row = strings.TrimRight(row, "\r"); row != "" {
			fmt.Fprintf(&b, "\x1b[%d;1H%s\x1b[m", y+1, row)
		}
	}
	for _, m := range kept {
		if c.modes[m] {
			fmt.Fprintf(&b, "\x1b[?%dh", int(m))
		}
	}
	if !c.modes[ansi.ModeAutoWrap] {
		b.WriteString("\x1b[?7l")
	}
	if c.low > 0 {
		fmt.Fprintf(&b, "\x1b[%d;%dr", c.top+1, c.low)
	}
	at := c.em.CursorPosition()
	fmt.Fprintf(&b, "\x1b[%d;%dH%s", at.Y+1, at.X+1, c.pen.String())
	if c.hidden {
		b.WriteString("\x1b[?25l")
	}
	return b.String()
}
