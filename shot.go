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
	draw, err := drawingOf(r.shot)
	if err != nil {
		return err
	}
	profile := r.pictureProfile()
	show := shows(t)
	show.Motion, show.ASCII = r.motion(), r.ascii
	show.Profile, show.Theme = canvasProfile(profile), r.themeFor(profile, r.dark)
	c := ui.Shot(t, at, r.size.w, r.size.h, show)
	return writePicture(r.shot, draw(c, show.Title))
}

// drawing makes a kind of picture.
type drawing func(c *canvas.Canvas, title string) string

// drawingOf is the kind that the name of a file asks for.
func drawingOf(path string) (drawing, error) {
	kind := filepath.Ext(path)
	if path == "-" {
		kind = ".txt"
		if term.IsTerminal(os.Stdout.Fd()) {
			kind = ".ansi"
		}
	}
	draw, ok := drawings[kind]
	if !ok {
		return nil, usage("--shot "+path, "what kind of picture?", "a name that ends in .svg, .txt or .ansi, or -")
	}
	return draw, nil
}

// pictureProfile is the colours of a picture, which no terminal limits.
func (o *options) pictureProfile() termenv.Profile {
	switch o.theme {
	case "mono":
		return termenv.Ascii
	case "ansi":
		return termenv.ANSI
	}
	return termenv.TrueColor
}

// drawings are the kinds of pictures by the ends of their names.
var drawings = map[string]drawing{
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
