package tty

import (
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// Wherever what was written last is cut off, the modes are reset.
func TestResetAfterACut(t *testing.T) {
	const last = "\x1b[?1049h\x1b[?25l\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b[?2026h\x1b[1;149H\x1b[0;1;38;2;104;176;119m◉ größe 漢🚀\x1b[?2026l\x1b]52;c;bXVsdGlleGl0\x07"
	for cut := range len(last) + 1 {
		e := vt.NewEmulator(20, 3)
		modes := map[ansi.Mode]bool{}
		e.SetCallbacks(vt.Callbacks{
			EnableMode:  func(m ansi.Mode) { modes[m] = true },
			DisableMode: func(m ansi.Mode) { delete(modes, m) },
		})
		e.WriteString(last[:cut] + resetModes)
		delete(modes, ansi.ModeTextCursorEnable)
		if len(modes) > 0 || e.IsAltScreen() {
			t.Errorf("after %q: alternate screen %v, modes %v", last[:cut], e.IsAltScreen(), modes)
		}
	}
}
