package main

import (
	"os"
	"strings"
)

// utf8Locale says whether the terminal takes UTF-8: the first of LC_ALL,
// LC_CTYPE and LANG that is set decides, as in locale(7). Where none is set
// (most containers) it does; terminals that do not have become rare.
func utf8Locale() bool {
	for _, key := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := os.Getenv(key); v != "" {
			v = strings.ToLower(v)
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return true
}
