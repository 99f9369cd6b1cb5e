package tty

import (
	"os"
	"strings"
)

// UTF8 says whether the terminal takes UTF-8: the first of LC_ALL,
// LC_CTYPE and LANG that is set decides, as in locale(7). Where none is set
// (most containers) it does; terminals that do not have become rare.
func UTF8() bool {
	for _, key := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := os.Getenv(key); v != "" {
			v = strings.ToLower(v)
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return true
}

// Synchronizes says whether the terminal may be asked to show all of a frame at once
// (synchronized output, private mode 2026). One that does not know that ignores it;
// Ptyxis is known to flash.
func Synchronizes() bool {
	return os.Getenv("PTYXIS_VERSION") == "" && !strings.EqualFold(os.Getenv("TERM_PROGRAM"), "ptyxis")
}
