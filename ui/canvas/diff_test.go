package canvas

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/charmbracelet/x/vt"
)

// A terminal that is told only what changes shows every frame, whatever was on it.
func TestDiffs(t *testing.T) {
	rng := rand.New(rand.NewSource(2))
	for _, p := range []Profile{TrueColor, ANSI256} {
		c, old, e := New(40, 6, p), New(0, 0, p), vt.NewEmulator(40, 6)
		for i := range 1000 {
			switch rng.Intn(12) {
			case 0:
				c.Clear()
			case 1:
				y := rng.Intn(c.H)
				c.Fill(rng.Intn(c.W), y, c.W, 1+rng.Intn(2), ' ', Style{})
			case 2: // somebody else has written there
				_, _ = e.WriteString("\x1b[2;3H\x1b[44mstray 漢\x1b[m")
				old.Forget()
			case 3:
				w, h := 20+rng.Intn(30), 3+rng.Intn(6)
				c.Resize(w, h)
				e.Resize(w, h)
			}
			scribble(c, rng)
			_, _ = e.Write(c.AppendDiff(nil, old))
			compare(t, c, e)
			if !c.Same(old) {
				t.Fatalf("frame %d: it is not known what is shown", i)
			}
			if again := c.AppendDiff(nil, old); len(again) > 0 {
				t.Fatalf("frame %d: the same frame again is %q", i, again)
			}
		}
	}
}

// What changes costs little: a digit a few bytes, a row that became shorter no blanks.
func TestDiffIsSmall(t *testing.T) {
	c, old := New(200, 50, TrueColor), New(0, 0, TrueColor)
	paint := func(fill string, digit rune) string {
		c.Clear()
		c.Text(0, 7, strings.Repeat(fill, 20), Style{}, 200)
		c.Set(100, 20, digit, Style{FG: Index(2)})
		return string(c.AppendDiff(nil, old))
	}
	paint("0123456789", '1')
	if got, want := paint("0123456789", '2'), "\x1b[21;101H\x1b[32m2\x1b[m"; got != want {
		t.Errorf("a digit is %q, want %q", got, want)
	}
	if got, want := paint("", '2'), "\x1b[8;1H\x1b[K"; got != want {
		t.Errorf("a row that went is %q, want %q", got, want)
	}
	old.Copy(c)
	c.Set(3, 0, 'x', Style{})
	c.Set(5, 0, 'y', Style{})
	if got, want := string(c.AppendDiff(nil, old)), "\x1b[1;4Hx\x1b[Cy"; got != want {
		t.Errorf("two of a row are %q, want %q", got, want)
	}
	b, i := make([]byte, 0, 1<<16), 0
	if n := testing.AllocsPerRun(100, func() {
		i++
		c.Set(5, 5, rune('a'+i%26), Style{FG: RGB(uint8(i), 2, 3)})
		b = c.AppendDiff(b[:0], old)
	}); n != 0 {
		t.Errorf("a difference costs %v allocations", n)
	}
}
