package ui

import (
	"github.com/charmbracelet/lipgloss"

	"multiexit/ui/canvas"
)

// Hue says what something is, brightness how active it is: sky is a process's
// own handler, violet a shared one, amber a signal, green an end, rose a
// failure. The tokens are Lip Gloss colours for both backgrounds and for
// terminals with 16 colours; a Theme is them resolved once, for painting.
var (
	tokText   = token("#d6dae3", "#262b36", "").xterm("253", "235")
	tokSubtle = token("#9aa3b2", "#5a6374", "7").xterm("248", "241")
	tokMuted  = token("#7b8598", "#6d7788", "8").xterm("245", "243")
	tokGone   = token("#5a6375", "#98a1b0", "8").xterm("241", "247")
	tokFaint  = token("#353c4a", "#d3d8e1", "8").xterm("237", "252")
	tokFocus  = token("#e6ebf5", "#20242e", "15")
	tokWhite  = token("#ffffff", "#262b36", "15")
	tokFailHi = token("#ffd9df", "#c9304a", "9")

	tokSurface = token("#191e28", "#f0f2f6", "")
	tokButton  = token("#222937", "#e6eaf1", "")
	tokSelect  = token("#232b3b", "#e4eaf5", "")
	tokBack    = token("#11141b", "#fbfbfd", "")

	tokLocal    = token("#5cb8ff", "#0a6fc2", "12")
	tokLocalHi  = token("#a8dcff", "#054b86", "14")
	tokShared   = token("#b894ff", "#7a3fd1", "13")
	tokSharedHi = token("#dcc9ff", "#5421a3", "15")
	tokSignal   = token("#ffb454", "#b86e00", "11")
	tokSignalHi = token("#ffe0ad", "#7d4a00", "15")
	tokOK       = token("#7fd88f", "#23863a", "10")
	tokFail     = token("#ff6b81", "#c9304a", "9")
)

// color is a token: a Lip Gloss colour for both backgrounds and all profiles.
type color struct{ lipgloss.CompleteAdaptiveColor }

func token(dark, light, ansi string) color {
	return color{lipgloss.CompleteAdaptiveColor{
		Dark:  lipgloss.CompleteColor{TrueColor: dark, ANSI256: dark, ANSI: ansi},
		Light: lipgloss.CompleteColor{TrueColor: light, ANSI256: light, ANSI: ansi},
	}}
}

// xterm sets what 256 colours show, where the nearest one has a wrong hue.
func (c color) xterm(dark, light string) color {
	c.Dark.ANSI256, c.Light.ANSI256 = dark, light
	return c
}

// The looks of the static parts.
var (
	styleTitle   = lipgloss.NewStyle().Bold(true).Foreground(tokSubtle)
	styleFocused = lipgloss.NewStyle().Bold(true).Foreground(tokText)
	styleText    = lipgloss.NewStyle().Foreground(tokText)
	styleStrong  = lipgloss.NewStyle().Bold(true).Foreground(tokText)
	styleSubtle  = lipgloss.NewStyle().Foreground(tokSubtle)
	styleLabel   = lipgloss.NewStyle().Foreground(tokMuted)
	styleHint    = lipgloss.NewStyle().Foreground(tokGone)
	styleWords   = lipgloss.NewStyle().Foreground(tokGone).Italic(true)
	styleButton  = lipgloss.NewStyle().Foreground(tokText).Background(tokButton)
)

// Theme is everything that painting needs to know about colours.
type Theme struct {
	Name string
	Flat bool // no fills: bars, cards and the selection are lines, words and reverse
	few  bool // 256 colours

	Back                            canvas.Color // what tints are mixed with; never painted
	Text, Subtle, Muted             canvas.Color
	Gone, Faint, Focus, White       canvas.Color
	Surface, Button, Select         canvas.Color
	FailHi                          canvas.Color
	Edge                            canvas.Color // of the focused frame
	Local, Shared, Signal, OK, Fail Hue
	Ink, Grey                       ramp // from the background to text and to subtle
	Pulse                           ramp // from a guide line to a signal

	Title, Focused, Normal, Strong, Calm, Label, Hint, Words, Key canvas.Style
}

// Hue is one colour in all its strengths.
type Hue struct {
	Base, Hi canvas.Color
	Fill     ramp // as a background, from none to Base
	Tone     ramp // as a foreground, from the background to Base
	Glow     ramp // from Base to Hi
}

// newTheme resolves the tokens. Profiles without enough colours for fills have
// themes of their own, whatever name is asked for; an unknown name is dark.
func newTheme(name string, p canvas.Profile) Theme {
	switch {
	case name == "mono" || p == canvas.Mono:
		name = "mono"
	case name == "ansi" || p == canvas.ANSI16:
		name = "ansi"
	case name != "light":
		name = "dark"
	}
	t := Theme{Name: name, Flat: name == "mono" || name == "ansi", few: p == canvas.ANSI256}
	for _, r := range []struct {
		to   *canvas.Color
		from color
	}{
		{&t.Back, tokBack}, {&t.Text, tokText}, {&t.Subtle, tokSubtle}, {&t.Muted, tokMuted},
		{&t.Gone, tokGone}, {&t.Faint, tokFaint}, {&t.Focus, tokFocus}, {&t.White, tokWhite},
		{&t.Surface, tokSurface}, {&t.Button, tokButton}, {&t.Select, tokSelect}, {&t.FailHi, tokFailHi},
	} {
		*r.to = t.color(r.from)
	}
	t.styles()
	t.hues()
	return t
}

// color picks the variant of a token that this theme shows.
func (t *Theme) color(c lipgloss.TerminalColor) canvas.Color {
	tok, ok := c.(color)
	side := tok.Dark
	if t.Name == "light" {
		side = tok.Light
	}
	switch {
	case !ok || t.Name == "mono":
		return 0
	case t.Name == "ansi":
		return canvas.Parse(side.ANSI)
	case t.few:
		return canvas.Parse(side.ANSI256)
	}
	return canvas.Parse(side.TrueColor)
}

func (t *Theme) styles() {
	for _, r := range []struct {
		to   *canvas.Style
		from lipgloss.Style
	}{
		{&t.Title, styleTitle}, {&t.Focused, styleFocused}, {&t.Normal, styleText}, {&t.Strong, styleStrong},
		{&t.Calm, styleSubtle}, {&t.Label, styleLabel}, {&t.Hint, styleHint}, {&t.Words, styleWords}, {&t.Key, styleButton},
	} {
		*r.to = t.style(r.from)
	}
}

// style resolves a Lip Gloss style; without a background it keeps the one that
// is there.
func (t *Theme) style(s lipgloss.Style) canvas.Style {
	out := canvas.Style{FG: t.color(s.GetForeground()), BG: t.color(s.GetBackground())}
	if out.BG == 0 {
		out.BG = canvas.Keep
	}
	if s.GetBold() {
		out.A |= canvas.Bold
	}
	if s.GetItalic() {
		out.A |= canvas.Italic
	}
	return out
}

// brand is the colour of the word multiexit, k of the way through it.
func (t *Theme) brand(k float64) canvas.Color {
	if t.Flat {
		return t.Signal.Base
	}
	return canvas.Mix(t.Signal.Base, t.Fail.Base, k)
}

// contrast is how far a colour is from the background, roughly.
func (t *Theme) contrast(c canvas.Color) int {
	r, g, b := c.Parts()
	br, bg, bb := t.Back.Parts()
	d := 3*(int(r)-int(br)) + 6*(int(g)-int(bg)) + int(b) - int(bb)
	return max(d, -d)
}
