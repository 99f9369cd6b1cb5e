package canvas

import (
	"encoding/xml"
	"image/color"
	"io"
	"math/rand"
	"strings"
	"testing"
	"unicode"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
)

func TestTextCutsAndClips(t *testing.T) {
	for _, tt := range []struct {
		name  string
		text  string
		x     int
		limit int
		used  int
		want  string // of a canvas 8 wide
	}{
		{"fits", "abc", 1, 8, 3, " abc"},
		{"exactly", "abcd", 0, 4, 4, "abcd"},
		{"too long", "abcdef", 0, 4, 4, "abc…"},
		{"right edge", "abcdef", 5, 8, 3, "     ab…"},
		{"left edge", "abcdef", -2, 8, 6, "cdef"},
		{"no room", "abc", 3, 0, 0, ""},
		{"outside", "abc", 9, 5, 0, ""},
		{"wide", "漢字", 0, 8, 4, "漢字"},
		{"wide cut in half", "漢字", 0, 3, 3, "漢…"},
		{"wide gives way whole", "漢字x", 0, 4, 3, "漢…"},
		{"combining left away", "e\u0301a", 0, 8, 2, "ea"},
		{"one cell", "abc", 0, 1, 1, "…"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := New(8, 1, TrueColor)
			if used := c.Text(tt.x, 0, tt.text, Style{}, tt.limit); used != tt.used {
				t.Errorf("used %d cells, want %d", used, tt.used)
			}
			if got := strings.TrimSuffix(c.Plain(), "\n"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTextIsHarmless(t *testing.T) {
	for name, text := range map[string]string{
		"escape": "\x1b[2Jx", "bell": "\ax", "newline": "\nx", "tab": "\tx", "DEL": "\x7fx",
		"C1 CSI": "\u009b2Jx", "override": "\u202ex", "isolate": "\u2066x", "joiner": "\u200dx",
		"BOM": "\ufeffx", "line separator": "\u2028x", "private": "\ue000x", "broken": "\xffx", "NUL": "\x00x",
	} {
		c := New(20, 1, TrueColor)
		c.Text(0, 0, text, Style{}, 20)
		got := strings.TrimSuffix(c.Plain(), "\n")
		if !strings.HasPrefix(got, "·") || !strings.HasSuffix(got, "x") {
			t.Errorf("%s: got %q, want a dot first", name, got)
		}
		if s := c.String(); strings.ContainsFunc(s, unicode.IsControl) {
			t.Errorf("%s: control characters in %q", name, s)
		}
	}
}

func TestWidthIsWhatTextUses(t *testing.T) {
	for _, s := range []string{"", "abc", "漢字", "e\u0301", "👨‍👩‍👧", "\x1b[1m", "\u202eabc", "ⅷ½"} {
		c := New(80, 1, Mono)
		if used := c.Text(0, 0, s, Style{}, 80); used != Width(s) || used != BytesWidth([]byte(s)) {
			t.Errorf("%q: Text uses %d cells, Width says %d", s, used, Width(s))
		}
	}
}

func TestHalfOfAWideCharacterIsABlank(t *testing.T) {
	c := New(6, 1, Mono)
	c.Text(0, 0, "漢字x", Style{}, 6)
	c.Set(1, 0, '|', Style{}) // over the right half of the first
	c.Set(2, 0, '|', Style{}) // over the left half of the second
	if got := c.Plain(); got != " || x\n" {
		t.Errorf("got %q", got)
	}
}

func TestKeepLeavesTheBackground(t *testing.T) {
	c := New(4, 1, TrueColor)
	red, blue := RGB(255, 0, 0), RGB(0, 0, 255)
	c.Fill(0, 0, 4, 1, ' ', Style{BG: red})
	c.Text(0, 0, "ab", Style{FG: blue, BG: Keep}, 4)
	c.Text(2, 0, "c", Style{FG: blue}, 4)
	if got := c.At(1, 0).S.BG; got != red {
		t.Errorf("kept background is %x", got)
	}
	if got := c.At(2, 0).S.BG; got != 0 {
		t.Errorf("replaced background is %x", got)
	}
}

func TestPaintingOutsideIsNothing(t *testing.T) {
	c := New(3, 2, TrueColor)
	want := c.Plain()
	c.Set(-1, 0, 'x', Style{})
	c.Set(3, 0, 'x', Style{})
	c.Set(0, 2, 'x', Style{})
	c.HLine(-5, 5, 20, 'x', Style{})
	c.Box(1, 1, 1, 1, Border{}, Style{})
	c.At(9, 9).R = 'x'
	c.Text(0, -1, "x", Style{}, 3)
	if got := c.Plain(); got != want {
		t.Errorf("got %q", got)
	}
	c.Fill(-3, -3, 20, 20, 'y', Style{})
	if got := c.Plain(); got != "yyy\nyyy\n" {
		t.Errorf("got %q", got)
	}
	for _, size := range [][2]int{{0, 0}, {0, 3}, {3, 0}, {-1, -1}} {
		e := New(size[0], size[1], TrueColor)
		e.Clear()
		_ = e.String() + e.Plain() + e.SVG("x")
	}
}

func TestProfiles(t *testing.T) {
	rose := RGB(0xff, 0x6b, 0x81)
	for _, tt := range []struct {
		profile Profile
		style   Style
		want    string
	}{
		{TrueColor, Style{FG: rose}, "\x1b[38;2;255;107;129mx\x1b[m"},
		{ANSI256, Style{FG: rose}, "\x1b[38;5;204mx\x1b[m"},
		{ANSI16, Style{FG: rose}, "\x1b[91mx\x1b[m"},
		{Mono, Style{FG: rose}, "x"},
		{Mono, Style{FG: rose, A: Bold}, "\x1b[0;1mx\x1b[m"},
		{TrueColor, Style{FG: Index(12), BG: Index(3)}, "\x1b[94;43mx\x1b[m"},
		{ANSI256, Style{FG: Index(241)}, "\x1b[38;5;241mx\x1b[m"},
		{ANSI16, Style{FG: Index(241)}, "\x1b[90mx\x1b[m"},
		{ANSI16, Style{BG: RGB(0x11, 0x14, 0x1b)}, "x"}, // a faint surface is none
		{TrueColor, Style{A: Reverse | Italic}, "\x1b[0;3;7mx\x1b[m"},
	} {
		c := New(1, 1, tt.profile)
		c.Set(0, 0, 'x', tt.style)
		if got := c.String(); got != tt.want {
			t.Errorf("profile %d %+v: got %q, want %q", tt.profile, tt.style, got, tt.want)
		}
	}
}

func TestASCIIFoldsEverything(t *testing.T) {
	c := New(20, 2, Mono)
	c.ASCII = true
	c.Box(0, 0, 20, 2, Border{Top: '─', Bottom: '─', Left: '│', Right: '│', TopLeft: '╭', TopRight: '╮', BottomLeft: '╰', BottomRight: '╯'}, Style{})
	c.Text(2, 0, "✓ 漢字 größe…", Style{}, 16)
	for _, s := range []string{c.String(), c.Plain()} {
		if strings.ContainsFunc(s, func(r rune) bool { return r > 126 }) {
			t.Errorf("not 7 bits: %q", s)
		}
	}
	if want := "+-+ ???? gr??e~----+"; !strings.HasPrefix(c.Plain(), want) {
		t.Errorf("got %q, want %q first", c.Plain(), want)
	}
}

// TestTerminalShowsTheCanvas writes random frames to an emulator and compares
// cell by cell.
func TestTerminalShowsTheCanvas(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for _, p := range []Profile{TrueColor, ANSI256} {
		c := New(40, 6, p)
		for range 50 {
			scribble(c, rng)
			e := vt.NewEmulator(c.W, c.H)
			_, _ = e.WriteString(strings.ReplaceAll(c.String(), "\n", "\r\n"))
			compare(t, c, e)
		}
	}
}

// scribble writes a few words in any styles anywhere.
func scribble(c *Canvas, rng *rand.Rand) {
	words := []string{"worker", "漢字", "│╰●↯", "größe", "x", "  ", "テスト-1"}
	for range 6 {
		s := Style{A: Attr(rng.Intn(int(Strike) << 1))}
		if rng.Intn(3) > 0 {
			s.FG = Index(16 + rng.Intn(240))
		}
		if rng.Intn(3) == 0 {
			s.BG = Index(16 + rng.Intn(240))
		}
		c.Text(rng.Intn(c.W), rng.Intn(c.H), words[rng.Intn(len(words))], s, 1+rng.Intn(12))
	}
}

// compare says where a terminal shows another thing than a canvas.
func compare(t *testing.T, c *Canvas, e *vt.Emulator) {
	t.Helper()
	for y := range c.H {
		row := c.cells[y*c.W : (y+1)*c.W]
		for x := 0; x < c.W; {
			r, width := glyph(row, x)
			s, got := row[x].S, e.CellAt(x, y)
			if got == nil || strings.TrimRight(got.Content, " ") != strings.TrimRight(string(r), " ") {
				t.Fatalf("cell %d,%d: canvas %q, terminal %+v", x, y, r, got)
			}
			if !same(s.BG, got.Style.Bg) || r != ' ' && !same(s.FG, got.Style.Fg) {
				t.Fatalf("cell %d,%d %q: canvas %x on %x, terminal %v on %v", x, y, r, s.FG, s.BG, got.Style.Fg, got.Style.Bg)
			}
			if bold := got.Style.Attrs&uv.AttrBold != 0; r != ' ' && bold != (s.A&Bold != 0) {
				t.Fatalf("cell %d,%d %q: bold is %v", x, y, r, bold)
			}
			x += width
		}
	}
}

func same(c Color, got color.Color) bool {
	if c == 0 || got == nil {
		return c == 0 && got == nil
	}
	r, g, b := c.Parts()
	gr, gg, gb, _ := got.RGBA()
	return uint32(r) == gr>>8 && uint32(g) == gg>>8 && uint32(b) == gb>>8
}

func TestStringIsCached(t *testing.T) {
	c := New(100, 30, TrueColor)
	c.Text(3, 3, "one", Style{FG: RGB(1, 2, 3)}, 10)
	first := c.String()
	if n := testing.AllocsPerRun(100, func() { _ = c.String() }); n != 0 {
		t.Errorf("an unchanged frame costs %v allocations", n)
	}
	i, b := 0, make([]byte, 0, 1<<16)
	if n := testing.AllocsPerRun(100, func() {
		i++
		c.Set(5, 5, rune('a'+i%26), Style{FG: RGB(uint8(i), 2, 3)})
		b = c.Append(b[:0])
	}); n != 0 {
		t.Errorf("a changed frame costs Append %v allocations", n)
	}
	if c.String() == first || c.String() != string(c.Append(nil)) {
		t.Error("String does not follow the cells")
	}
	c.Clear()
	c.Text(3, 3, "one", Style{FG: RGB(1, 2, 3)}, 10)
	if c.String() != first {
		t.Error("the same cells make another frame")
	}
}

func TestSVGIsXML(t *testing.T) {
	c := New(30, 4, TrueColor)
	c.Box(0, 0, 30, 4, Border{Top: '─', Bottom: '─', Left: '│', Right: '│', TopLeft: '╭', TopRight: '╮', BottomLeft: '╰', BottomRight: '╯'}, Style{FG: Index(8)})
	c.Text(1, 1, `<a & "b"> ]]> 漢字 \x1b`+"\x1b\xff\ufffe", Style{FG: RGB(1, 2, 3), BG: Index(200), A: Bold | Italic | Underline}, 28)
	c.Text(1, 2, "━━╺━ ▀▄▌ ▎", Style{A: Reverse | Dim}, 28)
	s := c.SVG(`<shop> & "co"`)
	d := xml.NewDecoder(strings.NewReader(s))
	for {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("%v in %s", err, s)
		}
	}
	if !strings.Contains(s, "&lt;a &amp; ") || !strings.Contains(s, "textLength") {
		t.Errorf("text is missing in %s", s)
	}
}

func FuzzText(f *testing.F) {
	f.Add("plain", 0, 5)
	f.Add("\x1b]0;title\a", -1, 30)
	f.Add("漢\u200d字\u202e", 38, 3)
	f.Fuzz(func(t *testing.T, s string, x, limit int) {
		const w = 40
		c := New(w, 3, Mono)
		frame := Style{}
		c.Fill(0, 0, w, 1, '#', frame)
		c.Fill(0, 2, w, 1, '#', frame)
		x, limit = x%60, limit%60
		used := c.Text(x, 1, s, Style{}, limit)
		if used < 0 || used > max(0, limit) {
			t.Fatalf("used %d of %d", used, limit)
		}
		lines := strings.Split(c.Plain(), "\n")
		if lines[0] != strings.Repeat("#", w) || lines[2] != lines[0] {
			t.Fatalf("wrote into another row: %q", lines)
		}
		n := 0
		for _, r := range lines[1] {
			n += RuneWidth(r)
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				t.Fatalf("%U went through", r)
			}
		}
		if n > w {
			t.Fatalf("a row of %d cells", n)
		}
	})
}

func BenchmarkAppendChanged(b *testing.B) {
	c := New(200, 50, TrueColor)
	buf := make([]byte, 0, 1<<18)
	b.ReportAllocs()
	for i := range b.N {
		c.Clear()
		for y := range 50 {
			c.Text(0, y, "the quick brown fox jumps over the lazy dog", Style{FG: RGB(uint8(i), uint8(y), 9)}, 200)
		}
		buf = c.Append(buf[:0])
	}
}
