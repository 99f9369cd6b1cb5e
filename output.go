package main

import (
	"fmt"
	"os"

	"github.com/charmbracelet/x/term"
	"github.com/muesli/termenv"

	"multiexit/ui/canvas"
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
