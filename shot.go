package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/muesli/termenv"

	"multiexit/tree/tape"
	"multiexit/ui"
	"multiexit/ui/canvas"
)

// size is a flag: columns and rows, 120x36.
type size struct{ w, h int }

func (s *size) String() string { return fmt.Sprintf("%dx%d", s.w, s.h) }
func (s *size) Type() string   { return "WxH" }

// sizeMost is more than any terminal has.
const sizeMost = 1000

func (s *size) Set(text string) error {
	var w, h int
	var rest string
	n, _ := fmt.Sscanf(text, "%dx%d%s", &w, &h, &rest)
	if n != 2 || w < 1 || h < 1 || w > sizeMost || h > sizeMost {
		return &badValue{"not a size", fmt.Sprintf("write columns x rows, 1x1 to %dx%d: 120x36", sizeMost, sizeMost)}
	}
	*s = size{w, h}
	return nil
}

// picture writes the screen of a recording as it is at one moment.
func (r *replayFlags) picture(t *tape.Tape, at time.Duration) error {
	draw, ok := drawings[filepath.Ext(r.shot)]
	if r.shot == "-" {
		draw, ok = drawings[".txt"], true
		if term.IsTerminal(os.Stdout.Fd()) {
			draw = drawings[".ansi"]
		}
	}
	if !ok {
		return usage("--shot "+r.shot, "what kind of picture?", "a name that ends in .svg, .txt or .ansi, or -")
	}
	profile := termenv.TrueColor
	if r.theme == "mono" {
		profile = termenv.Ascii
	} else if r.theme == "ansi" {
		profile = termenv.ANSI
	}
	show := shows(t)
	show.Motion, show.ASCII = r.motion(), r.ascii
	show.Profile, show.Theme = canvasProfile(profile), r.themeFor(profile, r.dark)
	c := ui.Shot(t, at, r.size.w, r.size.h, show)
	return writePicture(r.shot, draw(c, show.Title))
}

// drawings are the kinds of pictures by the ends of their names.
var drawings = map[string]func(c *canvas.Canvas, title string) string{
	".svg":  func(c *canvas.Canvas, title string) string { return c.SVG(title) },
	".txt":  func(c *canvas.Canvas, title string) string { return c.Plain() },
	".ansi": func(c *canvas.Canvas, title string) string { return c.String() },
}

func writePicture(path, text string) error {
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	if path == "-" {
		if _, err := os.Stdout.WriteString(text); err != nil {
			return exit(sinkStatus(err))
		}
		return nil
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return usage("--shot "+path, reason(err), "name a file in a directory you can write to")
	}
	return nil
}
