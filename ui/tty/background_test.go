package tty

import "testing"

func TestColorFGBG(t *testing.T) {
	for v, want := range map[string][2]bool{
		"15;0":         {true, true},
		"0;15":         {false, true},
		"0;default;7":  {false, true},
		"7;8":          {true, true},
		"":             {false, false},
		"15;default":   {false, false},
		"1;99":         {false, false},
		"15;0;\x1b[2J": {false, false},
	} {
		if dark, ok := colorFGBG(v); [2]bool{dark, ok} != want {
			t.Errorf("%q: dark %v, ok %v", v, dark, ok)
		}
	}
}

func TestBackgroundReply(t *testing.T) {
	for reply, want := range map[string][2]bool{
		"\x1b]11;rgb:1111/1414/1b1b\x1b\\": {true, true},
		"\x1b]11;rgb:ffff/ffff/ffff\x07":   {false, true},
		"\x1b]11;rgb:fb/fb/fd\x07":         {false, true},
		"\x1b]11;rgb:0/0/0\x07":            {true, true},
		"\x1b]11;rgb:0000/ffff/0000\x07":   {false, true},
		"\x1b]11;rgb:ff/ff\x07":            {false, false},
		"\x1b]11;rgb:xx/yy/zz\x07":         {false, false},
		"\x1b]11;rgb:12345/0/0\x07":        {false, false},
		"\x1b]11;rgb://\x07":               {false, false},
		"\x1b]10;rgb:ff/ff/ff\x07":         {false, false},
		"\x1b[?62c":                        {false, false},
	} {
		if dark, ok := backgroundReply([]byte(reply)); [2]bool{dark, ok} != want {
			t.Errorf("%q: dark %v, ok %v", reply, dark, ok)
		}
	}
}
