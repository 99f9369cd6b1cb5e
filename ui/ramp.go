package ui

import "multiexit/ui/canvas"

const rampSteps = 64

// ramp is a gradient, mixed once.
type ramp [rampSteps]canvas.Color

// at is the colour k of the way along, k from 0 to 1.
func (r *ramp) at(k float64) canvas.Color {
	return r[max(0, min(rampSteps-1, int(k*(rampSteps-1)+.5)))]
}

func newRamp(a, b canvas.Color) (r ramp) {
	for i := range r {
		r[i] = canvas.Mix(a, b, float64(i)/(rampSteps-1))
	}
	return r
}

// stepRamp has few colours, each from its k on.
func stepRamp(steps ...step) (r ramp) {
	for i := range r {
		for _, s := range steps {
			if float64(i)/(rampSteps-1) >= s.from {
				r[i] = s.color
			}
		}
	}
	return r
}

type step struct {
	from  float64
	color canvas.Color
}

// fg is a style that leaves the background alone.
func fg(c canvas.Color) canvas.Style { return canvas.Style{FG: c, BG: canvas.Keep} }

// hues mixes the gradients of a theme.
func (t *Theme) hues() {
	hue := func(base, hi color) Hue {
		h := Hue{Base: t.color(base), Hi: t.color(hi)}
		if t.Flat {
			h.Tone = stepRamp(step{0, t.Faint}, step{.3, h.Base})
			h.Glow = stepRamp(step{0, h.Base}, step{.5, h.Hi})
			return h
		}
		h.Fill = newRamp(t.Back, h.Base)
		h.Tone = h.Fill
		h.Glow = newRamp(h.Base, h.Hi)
		return h
	}
	t.Local, t.Shared = hue(tokLocal, tokLocalHi), hue(tokShared, tokSharedHi)
	t.Signal = hue(tokSignal, tokSignalHi)
	t.OK, t.Fail = hue(tokOK, tokOK), hue(tokFail, tokFail)
	if t.Flat {
		t.Ink = stepRamp(step{0, t.Faint}, step{.4, t.Text})
		t.Grey = stepRamp(step{0, t.Faint}, step{.4, t.Subtle})
		t.Pulse = stepRamp(step{0, t.Faint}, step{.5, t.Signal.Base})
		t.Edge = t.Focus
		return
	}
	t.Ink, t.Grey = newRamp(t.Back, t.Text), newRamp(t.Back, t.Subtle)
	t.Pulse = newRamp(t.Faint, t.Signal.Base)
	t.Edge = canvas.Mix(t.Back, t.Focus, .5)
	if t.few {
		t.fills256()
	}
}

// fills256 replaces the fills of 256 colours: the nearest of the cube to a dark
// tint is a grey, and between two blues there is a violet.
func (t *Theme) fills256() {
	fill := func(h *Hue, colors [7]int) {
		steps := []step{}
		for i, from := range [...]float64{0, .06, .145, .23, .34, .48, .62} {
			steps = append(steps, step{from, canvas.Index(colors[i])})
		}
		h.Fill = stepRamp(steps...)
	}
	if t.Name == "light" {
		fill(&t.Local, [7]int{255, 254, 153, 153, 117, 75, 32})
		fill(&t.Shared, [7]int{255, 254, 189, 189, 183, 141, 98})
		fill(&t.Fail, [7]int{255, 224, 224, 217, 217, 210, 203})
		fill(&t.OK, [7]int{255, 194, 194, 157, 151, 114, 71})
		fill(&t.Signal, [7]int{255, 230, 230, 223, 222, 215, 172})
		return
	}
	fill(&t.Local, [7]int{235, 236, 237, 238, 24, 31, 74})
	fill(&t.Shared, [7]int{235, 236, 237, 238, 60, 97, 140})
	fill(&t.Fail, [7]int{235, 236, 52, 52, 52, 131, 203})
	fill(&t.OK, [7]int{235, 236, 22, 22, 65, 71, 71})
	fill(&t.Signal, [7]int{235, 236, 58, 94, 94, 136, 172})
}
