package remote

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const strangerVar = "REMOTE_TEST_STRANGER"

// TestMain lets this binary be another user's client.
func TestMain(m *testing.M) {
	path := os.Getenv(strangerVar)
	if path == "" {
		os.Exit(m.Run())
	}
	c, err := Dial(path, true)
	if err == nil {
		c.Close()
		err = errors.New("let in")
	}
	fmt.Println(err)
}

// Another user is refused, even if nothing of the file system is in the way.
func TestStranger(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can be another user")
	}
	st := serve(t, nil)
	for _, path := range []string{filepath.Dir(st.dir), st.dir} {
		os.Chmod(path, 0o755)
	}
	os.Chmod(st.Path(), 0o666)
	got := stranger(t, st)
	if want := "refused: the session belongs to another user (uid 0, you are 65534)"; !strings.HasSuffix(got, want) {
		t.Errorf("%s, want %s", got, want)
	}
	os.Chmod(st.Path(), 0o600)
	if got := stranger(t, st); !strings.HasSuffix(got, "permission denied (it belongs to another user)") {
		t.Error(got)
	}
	if err := dial(t, st, false).Next(""); err != nil {
		t.Error(err)
	}
}

// stranger runs this binary as nobody.
func stranger(t *testing.T, st *stage) string {
	t.Helper()
	bin := filepath.Join(filepath.Dir(st.dir), "client") // the place of the test binary is closed to others
	copyFile(t, bin)
	cmd := exec.Command(bin)
	cmd.Env = []string{strangerVar + "=" + st.Path()}
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatal(err, string(out))
	}
	return strings.TrimSpace(string(out))
}

func copyFile(t *testing.T, to string) {
	t.Helper()
	from, err := os.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o755)
	if err == nil {
		_, err = io.Copy(f, from)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}
