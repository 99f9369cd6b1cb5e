package live

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestChunks(t *testing.T) {
	long := strings.Repeat("x", maxChunk+100)
	for name, c := range map[string]struct{ in, want []string }{
		"plain":               {[]string{"ab", "c"}, []string{"ab", "c"}},
		"a character":         {[]string{"a\xe2\x82", "\xac!"}, []string{"a", "€!"}},
		"no character":        {[]string{"a\xff", "b\xe2x"}, []string{"a\uFFFD", "b\uFFFDx"}},
		"colour":              {[]string{"a\x1b[3", "1mb"}, []string{"a", "\x1b[31mb"}},
		"colour, byte-wise":   {[]string{"\x1b", "[", "0", "m"}, []string{"\x1b[0m"}},
		"whole":               {[]string{"\x1b[0m", "\x1bM", "\x1b(B", "\x1bOP"}, []string{"\x1b[0m", "\x1bM", "\x1b(B", "\x1bOP"}},
		"charset":             {[]string{"\x1b(", "B"}, []string{"\x1b(B"}},
		"title with BEL":      {[]string{"a\x1b]0;ti", "tle\ab"}, []string{"a", "\x1b]0;title\ab"}},
		"title with ST":       {[]string{"\x1b]0;ti", "tle\x1b", "\\b"}, []string{"\x1b]0;title\x1b\\b"}},
		"long":                {[]string{long}, []string{long[:maxChunk], long[maxChunk:]}},
		"long string":         {[]string{"\x1b]52;" + long}, []string{("\x1b]52;" + long)[:maxChunk], ("\x1b]52;" + long)[maxChunk:]}},
		"never ends":          {[]string{"a\x1b[1"}, []string{"a", "\x1b[1"}},
		"cut before sequence": {[]string{long[:maxChunk-2] + "\x1b[31mz"}, []string{long[:maxChunk-2], "\x1b[31mz"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			var ch chunks
			for _, in := range c.in {
				ch.add([]byte(in), func(s string) { got = append(got, s) })
			}
			ch.flush(func(s string) { got = append(got, s) })
			if !slices.Equal(got, c.want) {
				t.Errorf("got %.80q, want %.80q", got, c.want)
			}
		})
	}
}

// TestChunksLoseNothing: however the input is cut, the same text comes out.
func TestChunksLoseNothing(t *testing.T) {
	parts := []string{"héllo", "\x1b[1;31m", "\x1b]0;t\a", "世界", "\r\n", "\x1b]8;;http://x\x1b\\", "\x1b", "\x1b[", strings.Repeat("y", 5000), "🚀"}
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		var in strings.Builder
		for range 20 {
			in.WriteString(parts[r.IntN(len(parts))])
		}
		var out strings.Builder
		var ch chunks
		emit := func(s string) {
			if s == "" || len(s) > maxChunk || !utf8.ValidString(s) {
				t.Fatalf("seed %d: a chunk of %d bytes", seed, len(s))
			}
			out.WriteString(s)
		}
		for rest := in.String(); rest != ""; {
			n := 1 + r.IntN(len(rest))
			if r.IntN(2) == 0 {
				n = min(n, 3)
			}
			ch.add([]byte(rest[:n]), emit)
			if len(ch.rest) > maxChunk {
				t.Fatalf("seed %d: %d bytes kept back", seed, len(ch.rest))
			}
			rest = rest[n:]
		}
		ch.flush(emit)
		if out.String() != in.String() {
			t.Fatalf("seed %d: %q became %q", seed, in.String(), out.String())
		}
	}
}
