package ui

import (
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
)

// How a key with modifiers is told to a program: xterm's 1 + shift 1, alt 2, ctrl 4.
const (
	modShift = 1
	modAlt   = 2
	modCtrl  = 4
)

// sequence is a key that is no character: CSI code ~, or CSI or SS3 and a letter.
type sequence struct {
	letter byte // 0: code and ~
	code   int
	mod    int
}

var sequences = map[tea.KeyType]sequence{
	tea.KeyUp: {letter: 'A'}, tea.KeyDown: {letter: 'B'}, tea.KeyRight: {letter: 'C'}, tea.KeyLeft: {letter: 'D'},
	tea.KeyHome: {letter: 'H'}, tea.KeyEnd: {letter: 'F'},
	tea.KeyShiftUp: {'A', 0, modShift}, tea.KeyShiftDown: {'B', 0, modShift}, tea.KeyShiftRight: {'C', 0, modShift},
	tea.KeyShiftLeft: {'D', 0, modShift}, tea.KeyShiftHome: {'H', 0, modShift}, tea.KeyShiftEnd: {'F', 0, modShift},
	tea.KeyCtrlUp: {'A', 0, modCtrl}, tea.KeyCtrlDown: {'B', 0, modCtrl}, tea.KeyCtrlRight: {'C', 0, modCtrl},
	tea.KeyCtrlLeft: {'D', 0, modCtrl}, tea.KeyCtrlHome: {'H', 0, modCtrl}, tea.KeyCtrlEnd: {'F', 0, modCtrl},
	tea.KeyCtrlShiftUp: {'A', 0, modCtrl | modShift}, tea.KeyCtrlShiftDown: {'B', 0, modCtrl | modShift},
	tea.KeyCtrlShiftRight: {'C', 0, modCtrl | modShift}, tea.KeyCtrlShiftLeft: {'D', 0, modCtrl | modShift},
	tea.KeyCtrlShiftHome: {'H', 0, modCtrl | modShift}, tea.KeyCtrlShiftEnd: {'F', 0, modCtrl | modShift},
	tea.KeyInsert: {code: 2}, tea.KeyDelete: {code: 3}, tea.KeyPgUp: {code: 5}, tea.KeyPgDown: {code: 6},
	tea.KeyCtrlPgUp: {0, 5, modCtrl}, tea.KeyCtrlPgDown: {0, 6, modCtrl},
	tea.KeyF1: {letter: 'P'}, tea.KeyF2: {letter: 'Q'}, tea.KeyF3: {letter: 'R'}, tea.KeyF4: {letter: 'S'},
	tea.KeyF5: {code: 15}, tea.KeyF6: {code: 17}, tea.KeyF7: {code: 18}, tea.KeyF8: {code: 19},
	tea.KeyF9: {code: 20}, tea.KeyF10: {code: 21}, tea.KeyF11: {code: 23}, tea.KeyF12: {code: 24},
	tea.KeyF13: {'P', 0, modShift}, tea.KeyF14: {'Q', 0, modShift}, tea.KeyF15: {'R', 0, modShift}, tea.KeyF16: {'S', 0, modShift},
	tea.KeyF17: {0, 15, modShift}, tea.KeyF18: {0, 17, modShift}, tea.KeyF19: {0, 18, modShift}, tea.KeyF20: {0, 19, modShift},
	tea.KeyShiftTab: {letter: 'Z'},
}

// appendKey appends what a terminal sends for a key: as the program has asked for
// it, with application cursor keys and bracketed paste.
func (c *console) appendKey(b []byte, msg tea.KeyMsg) []byte {
	if msg.Paste {
		return c.appendPaste(b, string(msg.Runes))
	}
	if s, ok := sequences[msg.Type]; ok {
		if msg.Alt {
			s.mod |= modAlt
		}
		return c.appendSequence(b, s)
	}
	if msg.Alt {
		b = append(b, '\x1b')
	}
	switch {
	case msg.Type == tea.KeySpace:
		return append(b, ' ')
	case msg.Type == tea.KeyRunes:
		return append(b, string(msg.Runes)...)
	case msg.Type >= 0 && msg.Type <= 127:
		return append(b, byte(msg.Type)) // its type is the character that it sends
	}
	return b
}

func (c *console) appendSequence(b []byte, s sequence) []byte {
	function := s.letter >= 'P' && s.letter <= 'S'
	cursor := s.letter >= 'A' && s.letter <= 'H'
	switch {
	case s.letter == 'Z':
		return append(b, "\x1b[Z"...)
	case s.letter != 0 && s.mod == 0 && (function || cursor && c.modes[ansi.ModeCursorKeys]):
		return append(b, '\x1b', 'O', s.letter)
	case s.letter != 0 && s.mod == 0:
		return append(b, '\x1b', '[', s.letter)
	}
	b = append(b, "\x1b["...)
	b = strconv.AppendInt(b, int64(max(1, s.code)), 10)
	if s.mod != 0 {
		b = append(b, ';', byte('1'+s.mod))
	}
	if s.letter != 0 {
		return append(b, s.letter)
	}
	return append(b, '~')
}

// appendPaste brackets a paste when the program asked for it. The end of the
// bracket cannot be smuggled in by the text.
func (c *console) appendPaste(b []byte, text string) []byte {
	text = strings.NewReplacer("\r\n", "\r", "\n", "\r", "\x1b", "").Replace(text)
	if !c.modes[ansi.ModeBracketedPaste] {
		return append(b, text...)
	}
	return append(append(append(b, "\x1b[200~"...), text...), "\x1b[201~"...)
}

// wantsMouse says that the program asked for the mouse.
func (c *console) wantsMouse() bool {
	return c.modes[ansi.ModeMouseX10] || c.modes[ansi.ModeMouseNormal] || c.modes[ansi.ModeMouseHighlight] ||
		c.modes[ansi.ModeMouseButtonEvent] || c.modes[ansi.ModeMouseAnyEvent]
}

// appendMouse appends what a terminal sends for the mouse at a cell of it.
func (c *console) appendMouse(b []byte, msg tea.MouseMsg, x, y int) []byte {
	motion := msg.Action == tea.MouseActionMotion
	if motion && !c.modes[ansi.ModeMouseAnyEvent] && !c.modes[ansi.ModeMouseButtonEvent] {
		return b
	}
	code := ansi.EncodeMouseButton(ansi.MouseButton(msg.Button), motion, msg.Shift, msg.Alt, msg.Ctrl)
	release := msg.Action == tea.MouseActionRelease
	switch {
	case code == 0xff:
		return b
	case c.modes[ansi.ModeMouseExtSgr]:
		return append(b, ansi.MouseSgr(code, x, y, release)...)
	case release:
		code = ansi.EncodeMouseButton(ansi.MouseNone, false, msg.Shift, msg.Alt, msg.Ctrl)
	}
	if x > 222 || y > 222 || release && c.modes[ansi.ModeMouseX10] {
		return b // what the old way of telling has no words for
	}
	return append(b, ansi.MouseX10(code, x, y)...)
}
