package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/term"
	"github.com/muesli/termenv"

	"multiexit/ui/canvas"
	"multiexit/ui/tty"
)

// output is where events go.
type output uint8

const (
	toScreen output = iota
	toLines
	toJSON
)

// output chooses by the flags and by what standard input and output are. Where a
// screen is what one would expect and cannot be had, it says why.
func (o *options) output() (output, error) {
	switch {
	case o.plain && o.json:
		return 0, usage("--plain --json", "one or the other", "--json is for programs, --plain for people")
	case o.json:
		return toJSON, nil
	case o.plain, !term.IsTerminal(os.Stdout.Fd()):
		return toLines, nil
	case os.Getenv("TERM") == "dumb":
		fmt.Fprintln(os.Stderr, "multiexit: no screen: TERM=dumb (lines instead)")
		return toLines, nil
	case !term.IsTerminal(os.Stdin.Fd()):
		fmt.Fprintln(os.Stderr, "multiexit: no screen: standard input is no terminal, there would be no keys (lines instead)")
		return toLines, nil
	}
	return toScreen, nil
}

// colourProfile is what the environment says that out can show: NO_COLOR,
// CLICOLOR, CLICOLOR_FORCE, COLORTERM, TERM. A theme may ask for less.
func (o *options) colourProfile(out *os.File) termenv.Profile {
	p := termenv.NewOutput(out, termenv.WithTTY(term.IsTerminal(out.Fd()))).EnvColorProfile()
	switch {
	case o.theme == "mono":
		return termenv.Ascii
	case o.theme == "ansi" && p != termenv.Ascii:
		return termenv.ANSI
	}
	return p
}

// themeFor decides for a theme of the screen; isDark is asked only if that
// matters.
func (o *options) themeFor(p termenv.Profile, isDark func() bool) string {
	switch {
	case o.theme != "auto":
		return string(o.theme)
	case p == termenv.Ascii:
		return "mono"
	case p == termenv.ANSI:
		return "ansi"
	case isDark():
		return "dark"
	}
	return "light"
}

// canvasProfile is a profile as the screen calls it.
func canvasProfile(p termenv.Profile) canvas.Profile {
	switch p {
	case termenv.TrueColor:
		return canvas.TrueColor
	case termenv.ANSI256:
		return canvas.ANSI256
	case termenv.ANSI:
		return canvas.ANSI16
	}
	return canvas.Mono
}

// motion says whether the screen may move things that need not move.
func (o *options) motion() bool {
	return !o.noMotion && os.Getenv("MULTIEXIT_REDUCED_MOTION") == ""
}

// dark decides for or against a dark background without asking the terminal: by
// the theme, else by COLORFGBG, else it is dark.
func (o *options) dark() bool {
	switch o.theme {
	case "dark":
		return true
	case "light":
		return false
	}
	dark, ok := tty.GuessBackground()
	return dark || !ok
}

// look is how lines are coloured and drawn.
type look struct {
	styles [hues]lipgloss.Style
	colour bool // false: no styles at all
	ascii  bool
}

// hue is what a colour means.
type hue uint8

const (
	plainHue hue = iota
	dim
	strong
	local
	shared
	amber // signals
	good
	bad
	hues
)

// words is the hue of the text beside a glyph: only what matters is coloured.
func (h hue) words() hue {
	if h == good {
		return plainHue
	}
	return h
}

var colours = [hues]lipgloss.TerminalColor{
	plainHue: lipgloss.NoColor{},
	dim:      adaptive("#7b8598", "#6d7788", "8"),
	strong:   lipgloss.NoColor{},
	local:    adaptive("#5cb8ff", "#0a6fc2", "12"),
	shared:   adaptive("#b894ff", "#7a3fd1", "13"),
	amber:    adaptive("#ffb454", "#b86e00", "11"),
	good:     adaptive("#7fd88f", "#23863a", "10"),
	bad:      adaptive("#ff6b81", "#c9304a", "9"),
}

func adaptive(dark, light, ansi string) lipgloss.CompleteAdaptiveColor {
	return lipgloss.CompleteAdaptiveColor{Dark: complete(dark, ansi), Light: complete(light, ansi)}
}

func complete(hex, ansi string) lipgloss.CompleteColor {
	wide := termenv.ANSI256.Color(hex).(termenv.ANSI256Color)
	return lipgloss.CompleteColor{TrueColor: hex, ANSI256: strconv.Itoa(int(wide)), ANSI: ansi}
}

// newLook prepares the styles for standard output, or none if it is no terminal.
func newLook(o *options, profile termenv.Profile, dark bool) look {
	l := look{ascii: o.ascii || !tty.UTF8(), colour: profile != termenv.Ascii}
	r := lipgloss.NewRenderer(os.Stdout, termenv.WithProfile(profile))
	r.SetColorProfile(profile)
	r.SetHasDarkBackground(dark)
	for h := range l.styles {
		l.styles[h] = r.NewStyle().Foreground(colours[h]).Bold(hue(h) == strong)
	}
	return l
}

func (l *look) paint(h hue, s string) string {
	if !l.colour || s == "" || h == plainHue {
		return s
	}
	return l.styles[h].Render(s)
}

// fit is text for a terminal that may know no more than ASCII.
func (l *look) fit(s string) string {
	if !l.ascii {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r <= '~' {
			return r
		}
		if g, ok := asciiGlyphs[r]; ok {
			return g
		}
		return '?'
	}, s)
}

var asciiGlyphs = map[rune]rune{
	'●': '*', '○': 'o', '✓': '+', '✗': 'x', '↯': '!', '⊘': '!', '▸': '>', '╌': '~', '│': '|', '·': '.', '…': '~', 'µ': 'u', '⚑': '^',
}
