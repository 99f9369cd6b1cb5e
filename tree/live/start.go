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
func lookup(c *Command) (string, error) {
	if len(c.Argv) == 0 || c.Argv[0] == "" {
		return "", errors.New("no command given")
	}
	if c.Dir != "" {
		if info, err := os.Stat(c.Dir); err != nil {
			return "", fmt.Errorf("working directory: %w", err)
		} else if !info.IsDir() {
			return "", fmt.Errorf("working directory: %s is no directory", c.Dir)
		}
	}
	name := c.Argv[0]
	if strings.Contains(name, "/") {
		// As the child will see it, which is in its directory by then.
		seen := name
		if !filepath.IsAbs(name) {
			seen = filepath.Join(c.Dir, name)
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
func startError(c *Command, path string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOENT):
		return &CommandError{c.Argv[0], "its interpreter or loader was not found", exec.ErrNotFound}
	case errors.Is(err, syscall.ENOEXEC):
		return &CommandError{c.Argv[0], "neither a program for this machine nor a script with #!", fs.ErrPermission}
	case errors.Is(err, fs.ErrPermission):
		return &CommandError{c.Argv[0], "permission denied", fs.ErrPermission}
	}
	return fmt.Errorf("start %s: %w", path, err)
}

// environ is the command's environment: as given, with our marks in place of any
// other observer's. Ordered: there are orders that it has to know before it runs
// handlers.
func environ(c *Command, sock string, ordered bool) []string {
	env := c.Env
	if env == nil {
		env = os.Environ()
	}
	if c.PTY {
		env = terminalEnv(env)
	}
	out := make([]string, 0, len(env)+4)
	for _, kv := range env {
		if name, _, _ := strings.Cut(kv, "="); name != sockEnv && name != nodeEnv && name != ordersEnv {
			out = append(out, kv)
		}
	}
	if c.Dir != "" {
		if dir, err := filepath.Abs(c.Dir); err == nil {
			out = append(out, "PWD="+dir)
		}
	}
	if ordered {
		out = append(out, ordersEnv+"=1")
	}
	return append(out, sockEnv+"="+sock, nodeEnv+"="+c.Node)
}

// sockEnv is the variable that names the socket. As children inherit it, it is
// also the mark by which a process of the tree is known wherever it went.
const sockEnv = "MULTIEXIT_SOCK"

// nodeEnv is the variable that names the command: by it one that was orphaned is
// placed below the right one.
const nodeEnv = "MULTIEXIT_NODE"

// ordersEnv is the variable by which a process knows that orders stand: it waits for
// them before its first handler. Like the others it is inherited.
const ordersEnv = "MULTIEXIT_ORDERS"
