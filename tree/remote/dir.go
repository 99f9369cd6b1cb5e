package remote

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

const maxPath = 100 // of a socket: there is room for 107 bytes, on some systems 103

// dirs are where sockets may be, best first. XDG_RUNTIME_DIR is the user's alone;
// not every program of the user has it in its environment, so its usual place is
// looked at too. MULTIEXIT_RUNTIME_DIR, if set, is the only one.
func dirs() (list []string) {
	if only := os.Getenv("MULTIEXIT_RUNTIME_DIR"); only != "" {
		return []string{only}
	}
	uid := strconv.Itoa(os.Geteuid())
	for _, base := range []string{os.Getenv("XDG_RUNTIME_DIR"), "/run/user/" + uid} {
		dir := filepath.Join(base, "multiexit")
		if filepath.IsAbs(base) && len(dir) < maxPath-20 && ours(base) == nil && (len(list) == 0 || list[0] != dir) {
			list = append(list, dir)
		}
	}
	return append(list, "/tmp/multiexit-"+uid)
}

// ours says why a directory is not one in which only we can make things.
func ours(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.IsDir():
		return fmt.Errorf("%s: not a directory", dir)
	case !ok || int(st.Uid) != os.Geteuid():
		return fmt.Errorf("%s: belongs to another user", dir)
	case info.Mode().Perm()&0o022 != 0:
		return fmt.Errorf("%s: others can write to it", dir)
	}
	return nil
}

// makeDir makes the directory, or takes the one that is there if it is ours and
// nobody else's.
func makeDir(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := ours(dir); err != nil {
		return err
	}
	return os.Chmod(dir, 0o700) // others could look into one that was made by hand
}

// listen makes the socket of this process in dir. It gets its name only when it
// listens and nobody else may connect, so that one that refuses is a dead one.
func listen(dir string) (*net.UnixListener, string, error) {
	if err := makeDir(dir); err != nil {
		return nil, "", err
	}
	pid := strconv.Itoa(os.Getpid())
	path := filepath.Join(dir, pid+".sock")
	for n := 2; answers(path); n++ { // the same pid in another pid namespace
		path = filepath.Join(dir, fmt.Sprintf("%s-%d.sock", pid, n))
		if n == 10 {
			return nil, "", fmt.Errorf("%s: all names for pid %s are taken", dir, pid)
		}
	}
	fresh := strings.TrimSuffix(path, ".sock") + ".new"
	os.Remove(fresh)
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: fresh, Net: "unix"})
	if err != nil {
		return nil, "", err
	}
	ln.SetUnlinkOnClose(false) // it would remove the old name
	if err = os.Chmod(fresh, 0o600); err == nil {
		err = os.Rename(fresh, path)
	}
	if err != nil {
		ln.Close()
		os.Remove(fresh)
		return nil, "", err
	}
	return ln, path, nil
}

// answers says that somebody listens at path.
func answers(path string) bool {
	nc, err := net.Dial("unix", path)
	if err != nil {
		return errors.Is(err, syscall.EAGAIN) // too many wait to be let in
	}
	nc.Close()
	return true
}
