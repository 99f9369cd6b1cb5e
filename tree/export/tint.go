package export

import "fmt"

// tint is a colour.
type tint [3]uint8

func (c tint) String() string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }

// mix is the colour that is k of the way from a to b.
func mix(a, b tint, k float64) tint {
	var c tint
	for i := range c {
		c[i] = uint8(float64(a[i])*(1-k) + float64(b[i])*k + .5)
	}
	return c
}

// theme is the colours of a picture. Hue says what something is: sky is a
// process's own handler, violet a shared one, amber a signal, green a good end,
// rose a failure.
type theme struct {
	paper, raised, text, subtle, muted, gone, faint tint
	local, shared, signal, ok, fail, brand          tint
	done, doneToo, failed                           float64 // how strong a bar is
	ink                                             float64 // how far the words in it go to text
}

var dark = theme{
	paper: tint{0x11, 0x14, 0x1b}, raised: tint{0x19, 0x1e, 0x28}, text: tint{0xd6, 0xda, 0xe3}, subtle: tint{0x9a, 0xa3, 0xb2},
	muted: tint{0x7b, 0x85, 0x98}, gone: tint{0x5a, 0x63, 0x75}, faint: tint{0x35, 0x3c, 0x4a},
	local: tint{0x5c, 0xb8, 0xff}, shared: tint{0xb8, 0x94, 0xff}, signal: tint{0xff, 0xb4, 0x54},
	ok: tint{0x7f, 0xd8, 0x8f}, fail: tint{0xff, 0x6b, 0x81}, brand: tint{0xff, 0x6b, 0x81},
	done: .32, doneToo: .23, failed: .42, ink: .72,
}

var light = theme{
	paper: tint{0xfb, 0xfb, 0xfd}, raised: tint{0xf0, 0xf2, 0xf6}, text: tint{0x26, 0x2b, 0x36}, subtle: tint{0x5a, 0x63, 0x74},
	muted: tint{0x6d, 0x77, 0x88}, gone: tint{0x98, 0xa1, 0xb0}, faint: tint{0xd3, 0xd8, 0xe1},
	local: tint{0x0a, 0x6f, 0xc2}, shared: tint{0x7a, 0x3f, 0xd1}, signal: tint{0xb8, 0x6e, 0x00},
	ok: tint{0x23, 0x86, 0x3a}, fail: tint{0xc9, 0x30, 0x4a}, brand: tint{0xc9, 0x30, 0x4a},
	done: .27, doneToo: .19, failed: .34, ink: .62,
}

// hue is the colour of a turn.
func (t *theme) hue(p *span) tint {
	switch {
	case p.bad():
		return t.fail
	case p.spoilt():
		return t.signal
	case handed(p.Handler):
		return t.shared
	}
	return t.local
}
