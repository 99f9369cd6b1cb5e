package tty

import (
	"slices"
	"strings"
	"testing"
)

// pieces are things a terminal sends, each whole.
var pieces = []string{
	"a", " ", "\r", "\x7f", "é", "日", "👍",
	"\x1b[A", "\x1bOP", "\x1b[15~", "\x1b[1;5C", "\x1b[[A", "\x1ba", "\x1bé", "\x1b\x1b[A",
	"\x1b[<65;10;5M", "\x1b[<0;120;36m", "\x1b[M abc"[:6], "\x1b[I", "\x1b[200~", "\x1b[201~",
	"\x1b]11;rgb:1111/2222/3333\x1b\\", "\x1b]11;rgb:11/22/33\a", "\x1b[?62;22c", "\x1bP>|tmux 3.3a\x1b\\",
}

func TestSequence(t *testing.T) {
	for _, p := range pieces {
		if n, whole := sequence([]byte(p + "x")); n != len(p) || !whole {
			t.Errorf("%q: %d, %v", p, n, whole)
		}
		for cut := 1; cut < len(p); cut++ {
			if n, whole := sequence([]byte(p[:cut])); whole {
				t.Errorf("%q cut to %q: %d, %v", p, p[:cut], n, whole)
			}
		}
	}
	// What breaks a sequence off is a key of its own.
	for text, want := range map[string]int{"\x1b[1;\x1b[A": 4, "\x1b]0;x\x1b[A": 5, "\x1b[1\r": 3} {
		if n, whole := sequence([]byte(text)); n != want || !whole {
			t.Errorf("%q: %d, %v", text, n, whole)
		}
	}
}

// TestTake: however the input is torn, the same keys come out, replies apart.
func TestTake(t *testing.T) {
	input := strings.Join(pieces, "")
	for size := 1; size < 40; size++ {
		var got []string
		k := &keyboard{replies: make(chan []byte, 100), out: func(b []byte) error {
			got = append(got, string(b))
			return nil
		}}
		var pending []byte
		for at := 0; at < len(input); at += size {
			pending = k.take(append(pending, input[at:min(at+size, len(input))]...))
		}
		want := slices.DeleteFunc(slices.Clone(pieces), func(p string) bool { return isReply([]byte(p)) })
		if !slices.Equal(got, want) || len(pending) > 0 {
			t.Fatalf("in parts of %d: %q, rest %q", size, got, pending)
		}
		if len(k.replies) != 4 {
			t.Errorf("%d replies", len(k.replies))
		}
	}
}

func FuzzTake(f *testing.F) {
	for _, p := range pieces {
		f.Add([]byte(p))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var got []byte
		k := &keyboard{replies: make(chan []byte), pasting: true, out: func(b []byte) error {
			if len(b) == 0 || len(b) > datagram {
				t.Errorf("a part of %d bytes", len(b))
			}
			got = append(got, b...)
			return nil
		}}
		rest := k.take(slices.Clone(b))
		if s := string(got) + string(rest); s != string(b) && !strings.Contains(string(b), string(pasteEnd)) {
			t.Errorf("%q became %q", b, s)
		}
	})
}
