package tty

import "testing"

func TestUTF8(t *testing.T) {
	for _, c := range []struct {
		all, ctype, lang string
		want             bool
	}{
		{"", "", "", true},
		{"", "", "en_GB.UTF-8", true},
		{"", "", "de_DE.utf8", true},
		{"", "", "C", false},
		{"C", "", "en_GB.UTF-8", false},
		{"", "POSIX", "en_GB.UTF-8", false},
		{"C.UTF-8", "POSIX", "C", true},
	} {
		t.Setenv("LC_ALL", c.all)
		t.Setenv("LC_CTYPE", c.ctype)
		t.Setenv("LANG", c.lang)
		if got := UTF8(); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
