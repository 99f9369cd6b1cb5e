package live

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// lookup finds the executable of the command.
func lookup(o Options) (string, error) {
	if len(o.Argv) == 0 || o.Argv[0] == "" {
		return "", errors.New("no command given")
	}
	if o.Dir != "" {
		if info, err := os.Stat(o.Dir); err != nil {
			return "", fmt.Errorf("working directory: %w", err)
		} else if !info.IsDir() {
			return "", fmt.Errorf("working directory: %s is no directory", o.Dir)
		}
	}
	name := o.Argv[0]
	if strings.Contains(name, "/") {
		// As the child will see it, which is in its directory by then.
		seen := name
		if !filepath.IsAbs(name) {
			seen = filepath.Join(o.Dir, name)
		}
		return name, executable(name, seen)
	}
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
		return path, nil
	case errors.Is(err, fs.ErrPermission):
		return "", &CommandError{name, "found in PATH, but not executable", fs.ErrPermission}
	case errors.Is(err, exec.ErrDot):
		return "", &CommandError{name, "only found in the current directory (say ./" + name + ")", exec.ErrNotFound}
	}
	return "", &CommandError{name, "not found in PATH", exec.ErrNotFound}
}

// executable checks a path with a slash in it.
func executable(name, seen string) error {
	info, err := os.Stat(seen)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return &CommandError{name, "permission denied", fs.ErrPermission}
	case err != nil:
		return &CommandError{name, "no such file", exec.ErrNotFound}
	case info.IsDir():
		return &CommandError{name, "is a directory", fs.ErrPermission}
	case info.Mode()&0o111 == 0:
		return &CommandError{name, "not executable (chmod +x?)", fs.ErrPermission}
	}
	return nil
}

// CommandError says why a command could not be started. It matches
// exec.ErrNotFound or fs.ErrPermission, which stand for the exit statuses 127
// and 126 of shells.
type CommandError struct {
	Name string
	Why  string
	Kind error
}

func (e *CommandError) Error() string { return e.Name + ": " + e.Why }
func (e *CommandError) Unwrap() error { return e.Kind }

// startError says why exec failed although the file is there.
func startError(o Options, path string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOENT):
		return &CommandError{o.Argv[0], "its interpreter or loader was not found", exec.ErrNotFound}
	case errors.Is(err, syscall.ENOEXEC):
		return &CommandError{o.Argv[0], "neither a program for this machine nor a script with #!", fs.ErrPermission}
	case errors.Is(err, fs.ErrPermission):
		return &CommandError{o.Argv[0], "permission denied", fs.ErrPermission}
	}
	return fmt.Errorf("start %s: %w", path, err)
}

// environ is the command's environment: as given, with our mark in place of any
// other observer's.
func environ(o Options, sock string) []string {
	env := o.Env
	if env == nil {
		env = os.Environ()
	}
	out := make([]string, 0, len(env)+2)
	for _, kv := range env {
		if !strings.HasPrefix(kv, sockEnv+"=") {
			out = append(out, kv)
		}
	}
	if o.Dir != "" {
		if dir, err := filepath.Abs(o.Dir); err == nil {
			out = append(out, "PWD="+dir)
		}
	}
	return append(out, sockEnv+"="+sock)
}

// sockEnv is the variable that names the socket. As children inherit it, it is
// also the mark by which a process of the tree is known wherever it went.
const sockEnv = "MULTIEXIT_SOCK"
