package ui

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/lipgloss"

	"multiexit/ui/canvas"
)

// Glyphs are the marks of the screen. Each is one cell wide and means one thing,
// so that no meaning hangs on a colour alone.
type Glyphs struct {
	Live, Exiting, Gone, Failed, Stuck rune // states of a process
	OK, No, Begin, Skip, Bolt          rune // ended well or badly, began, left out, a signal
	Up, Down                           rune // inherited from, shared with those below
	Bar, Start, Thumb                  rune // selection and card edge, start of a bar, scrollbar
	Thick, Line, Dash, DashEnd         rune // progress done and to do; waiting, and its head
	Now                                rune
	Upper, Lower                       rune // half lines
	Guide, Tee, Elbow, Branch, Folded  rune // the lines of the tree
	Pending, Popped                    rune // one handler of a small stack
	Mark, Still, Caret, Note           rune
	Err                                rune // a line of standard error
	Return, Tab                        string
	Unborn                             rune
	Flag                               rune // what was injected: not its own doing
	Held, Halt                         rune // waits before a handler for the user; a breakpoint
	Swap, Slower, Faster               rune // of two runs: at another place, longer, shorter
	Spin, Spark                        []rune
	Border                             canvas.Border
}

func newGlyphs(ascii bool) Glyphs {
	if ascii {
		return asciiGlyphs()
	}
	return Glyphs{
		Live: '●', Exiting: '◉', Gone: '○', Failed: '✗', Stuck: '⊘',
		OK: '✓', No: '✗', Begin: '▸', Skip: '·', Bolt: '↯',
		Up: '⇡', Down: '⇣',
		Bar: '▌', Start: '▎', Thumb: '┃',
		Thick: '━', Line: '─', Dash: '╌', DashEnd: '╸',
		Now:   '│',
		Upper: '▀', Lower: '▄',
		Guide: '│', Tee: '├', Elbow: '╰', Branch: '─', Folded: '▸',
		Pending: '▮', Popped: '▯',
		Mark: '•', Still: '◆', Caret: '▏', Note: '·',
		Err:    '┊',
		Return: "⏎", Tab: "⇥",
		Unborn: '◌', Flag: '⚑',
		Held: '‖', Halt: '■',
		Swap: '↕', Slower: '▲', Faster: '▼',
		Spin:   []rune("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"),
		Spark:  []rune("▁▂▃▄▅▆▇█"),
		Border: border(lipgloss.RoundedBorder()),
	}
}

func asciiGlyphs() Glyphs {
	return Glyphs{
		Live: '*', Exiting: '@', Gone: 'o', Failed: 'x', Stuck: '!',
		OK: '+', No: 'x', Begin: '>', Skip: '.', Bolt: '!',
		Up: '^', Down: 'v',
		Bar: '|', Start: '|', Thumb: '#',
		Thick: '=', Line: '-', Dash: '-', DashEnd: '-',
		Now:   '|',
		Upper: '-', Lower: '-',
		Guide: '|', Tee: '|', Elbow: '`', Branch: '-', Folded: '+',
		Pending: '#', Popped: '.',
		Mark: '*', Still: '@', Caret: '_', Note: '.',
		Err:    ':',
		Return: "enter", Tab: "tab",
		Unborn: '.', Flag: '%',
		Held: '"', Halt: '[',
		Swap: '~', Slower: '>', Faster: '<',
		Spin:   []rune(`|/-\`),
		Spark:  []rune("__..--==##"),
		Border: border(lipgloss.ASCIIBorder()),
	}
}

// asciiKeys are the names of keys without their signs: an arrow written as v or a
// return as > would be other keys.
var asciiKeys = strings.NewReplacer("⇧← ⇧→", "shift+left", "⇧⇞ ⇧⇟", "shift+pgup", "↑↓", "arrows", "←→", "arrows", "⇞⇟", "page keys",
	"⏎", "enter", "⇥", "tab", "↑", "up", "↓", "down", "←", "left", "→", "right")

// spelt is the name of a key in the characters that there are.
func (m *Model) spelt(name string) string {
	if m.opts.ASCII {
		return asciiKeys.Replace(name)
	}
	return name
}

// border takes the frame of the static parts from Lip Gloss.
func border(b lipgloss.Border) canvas.Border {
	first := func(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }
	return canvas.Border{
		Top: first(b.Top), Bottom: first(b.Bottom), Left: first(b.Left), Right: first(b.Right),
		TopLeft: first(b.TopLeft), TopRight: first(b.TopRight),
		BottomLeft: first(b.BottomLeft), BottomRight: first(b.BottomRight),
		MiddleTop: first(b.MiddleTop), MiddleBottom: first(b.MiddleBottom),
	}
}
