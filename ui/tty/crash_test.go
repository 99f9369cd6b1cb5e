package tty

import (
	"os"
	"path/filepath"
	"testing"
)

// TestReportPlace: a report goes where the user keeps such things, readable to
// nobody else.
func TestReportPlace(t *testing.T) {
	tmp, state := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", tmp)
	for env, want := range map[string]string{"": tmp, state: filepath.Join(state, "multiexit")} {
		t.Setenv("XDG_STATE_HOME", env)
		f, err := createReport()
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
		if got := filepath.Dir(f.Name()); got != want {
			t.Errorf("XDG_STATE_HOME=%q: in %s, want %s", env, got, want)
		}
		if info, err := os.Stat(f.Name()); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
	}
}
