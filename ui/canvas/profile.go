package canvas

// Profile is how many colours the terminal has.
type Profile uint8

const (
	TrueColor Profile = iota
	ANSI256
	ANSI16
	Mono // NO_COLOR: attributes only
)

var cube = [6]uint8{0, 95, 135, 175, 215, 255}

// first16 is how xterm shows the first colours; terminals differ.
var first16 = [16][3]uint8{
	{0, 0, 0}, {205, 0, 0}, {0, 205, 0}, {205, 205, 0}, {0, 0, 238}, {205, 0, 205}, {0, 205, 205}, {229, 229, 229},
	{127, 127, 127}, {255, 0, 0}, {0, 255, 0}, {255, 255, 0}, {92, 92, 255}, {255, 0, 255}, {0, 255, 255}, {255, 255, 255},
}

// xterm is what an index of 256 looks like.
func xterm(n int) (r, g, b uint8) {
	switch {
	case n < 16:
		return first16[n][0], first16[n][1], first16[n][2]
	case n < 232:
		n -= 16
		return cube[n/36], cube[n/6%6], cube[n%6]
	}
	v := uint8(8 + 10*(n-232))
	return v, v, v
}

// nearest256 is the closest of the colour cube and the grey ramp.
func nearest256(r, g, b uint8) int {
	qr, qg, qb := cubeStep(r), cubeStep(g), cubeStep(b)
	grey := max(0, min(23, ((int(r)+int(g)+int(b))/3-3)/10))
	v := uint8(8 + 10*grey)
	if distance(r, g, b, v, v, v) < distance(r, g, b, cube[qr], cube[qg], cube[qb]) {
		return 232 + grey
	}
	return 16 + 36*qr + 6*qg + qb
}

func cubeStep(v uint8) int {
	switch {
	case v < 48:
		return 0
	case v < 115:
		return 1
	}
	return (int(v) - 35) / 40
}

// distance weighs the parts as the eye does, roughly.
func distance(r1, g1, b1, r2, g2, b2 uint8) int {
	dr, dg, db := int(r1)-int(r2), int(g1)-int(g2), int(b1)-int(b2)
	return 3*dr*dr + 6*dg*dg + db*db
}

// nearest16 goes by hue, not by distance: people choose their own 16 colours,
// and blue has to stay blue in all of them.
func nearest16(r, g, b uint8) int {
	hi, lo := int(max(r, g, b)), int(min(r, g, b))
	if hi-lo < 40 {
		switch {
		case hi < 60:
			return 0
		case hi < 130:
			return 8
		case hi < 210:
			return 7
		}
		return 15
	}
	mid := lo + (hi-lo)/2
	n := 0
	if int(r) > mid {
		n |= 1
	}
	if int(g) > mid {
		n |= 2
	}
	if int(b) > mid {
		n |= 4
	}
	if hi > 200 {
		n |= 8
	}
	return n
}
