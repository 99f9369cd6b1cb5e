package ui

import (
	"strings"
	"testing"

	"multiexit/ui/canvas"
)

func TestTame(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"plain", "plain"},
		{"10%\r20%", "20%"},
		{"abc\rX", "Xbc"},
		{"ab\b\bX", "Xb"},
		{"a\tb", "a       b"},
		{"\x1b[31mred\x1b[0m", "red"},
		{"\x1b[2J\x1b[5;5Hx\x1b]0;title\ay\x1b]8;;http://x\x1b\\z", "xyz"},
		{"\x1bPq#0;1\x1b\\a\x1b(0b\x1bcc", "abc"},
		{"漢字", "漢字"},
		{"\u009b2Jx", "·2Jx"},
		{"\u202eabc", "·abc"},
		{"a\x00\a\x7fb", "ab"},
		{"\x1b[", ""},
		{"e\u0301", "e"},
		{"\x1b[" + strings.Repeat("1;", 50) + "mx", "x"},
	} {
		var b strings.Builder
		for _, c := range tame(nil, tt.in, canvas.Style{}) {
			if c.R != 0 {
				b.WriteRune(c.R)
			}
		}
		if b.String() != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, b.String(), tt.want)
		}
	}
	for in, want := range map[string]canvas.Style{
		"\x1b[31mx":                           {FG: canvas.Index(1)},
		"\x1b[1;94;41mx":                      {FG: canvas.Index(12), BG: canvas.Index(1), A: canvas.Bold},
		"\x1b[38;5;208mx":                     {FG: canvas.Index(208)},
		"\x1b[38;2;1;2;3;4mx":                 {FG: canvas.RGB(1, 2, 3), A: canvas.Underline},
		"\x1b[38:2::1:2:3mx":                  {FG: canvas.RGB(1, 2, 3)},
		"\x1b[48:5:9mx":                       {BG: canvas.Index(9)},
		"\x1b[7;3m\x1b[27mx":                  {A: canvas.Italic},
		"\x1b[31;1m\x1b[mx":                   {},
		"\x1b[31m\x1b[39mx":                   {},
		"\x1b[38;5mx":                         {FG: canvas.Index(0)},
		"\x1b[99999999999999999999999m" + "x": {},
	} {
		if c := tame(nil, in, canvas.Style{}); len(c) != 1 || c[0].S != want {
			t.Errorf("%q: %+v, want %+v", in, c, want)
		}
	}
}

func FuzzTame(f *testing.F) {
	f.Add("\x1b[38;2;1mx\x9b\u009b\r\b\t漢\r字")
	f.Fuzz(func(t *testing.T, s string) {
		for _, c := range tame(nil, s, canvas.Style{}) {
			if c.R != 0 && c.R < ' ' || c.R >= 0x7f && c.R < 0xa0 {
				t.Fatalf("%q: %q", s, c.R)
			}
		}
		plainText(s)
	})
}
