package live

import (
	"os"
	"strings"
)

// terminalEnv is an environment for a terminal of its own: TERM says what the
// emulator behind it understands, unless it was set for this command, and the
// size of our own terminal is left out.
func terminalEnv(env []string) []string {
	own := "TERM=" + os.Getenv("TERM")
	out := make([]string, 0, len(env)+1)
	set := false
	for _, kv := range env {
		name, _, _ := strings.Cut(kv, "=")
		if name == "COLUMNS" || name == "LINES" || kv == own {
			continue
		}
		set = set || name == "TERM"
		out = append(out, kv)
	}
	if !set {
		out = append(out, "TERM=xterm-256color")
	}
	return out
}
