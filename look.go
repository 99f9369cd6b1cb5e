package main

import (
	"os"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

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
	l := look{ascii: o.ascii || !utf8Locale(), colour: profile != termenv.Ascii}
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
	'●': '*', '○': 'o', '✓': '+', '✗': 'x', '↯': '!', '⊘': '!', '▸': '>', '╌': '~', '│': '|', '·': '.',
}
