//go:build unix

package exitreg_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"multiexit/exitreg"
)

var failing = role("many failures", func() {
	register("a")
	for i := range 200 {
		exitreg.Register(fmt.Sprint(i), func(context.Context) error { return errors.New(strings.Repeat("x", 1500)) })
	}
	exitreg.Exit(3)
})

// Rule 9: a standard error that is closed, broken or never read neither kills the
// process nor costs a handler its turn.
func TestStderr(t *testing.T) {
	t.Parallel()
	for name, give := range map[string]func(t *testing.T) *os.File{
		"never read": func(t *testing.T) *os.File {
			r, w := pipe(t)
			t.Cleanup(func() { r.Close() })
			return w
		},
		"broken pipe": func(t *testing.T) *os.File {
			r, w := pipe(t)
			r.Close()
			return w
		},
		"not writable": func(t *testing.T) *os.File {
			f, err := os.Open(os.DevNull)
			if err != nil {
				t.Fatal(err)
			}
			return f
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := playing(t, failing)
			f := give(t)
			defer f.Close()
			cmd.Stderr = f
			startCommand(t, cmd).want("a", "code 3")
		})
	}
}
