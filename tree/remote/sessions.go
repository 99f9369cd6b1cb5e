package remote

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"multiexit/tree"
)

// Info is one session that runs.
type Info struct {
	PID    int
	Path   string    // of the socket
	Argv   []string  // nil: it did not answer
	Start  time.Time //
	Silent string    // why it did not answer; "": it did
}

// String is the pid and the command: "4711 (npm run dev)".
func (i Info) String() string {
	what := strings.Join(i.Argv, " ")
	if i.Silent != "" {
		what = i.Silent
	}
	if r := []rune(what); len(r) > 60 {
		what = string(r[:57]) + "..."
	}
	return fmt.Sprintf("%d (%s)", i.PID, tree.Clean(what))
}

// Sessions are those of this user, by pid. The sockets of those that were killed
// are removed.
func Sessions() ([]Info, error) {
	return sessionsIn(dirs())
}

func sessionsIn(dirs []string) (list []Info, err error) {
	for _, dir := range dirs {
		if bad := ours(dir); errors.Is(bad, os.ErrNotExist) {
			continue
		} else if bad != nil {
			err = bad
			continue
		}
		files, _ := filepath.Glob(filepath.Join(dir, "*.sock"))
		for _, path := range files {
			if info, ok := ask(path); ok {
				list = append(list, info)
			}
		}
	}
	slices.SortFunc(list, func(a, b Info) int { return a.PID - b.PID })
	return list, err
}

// ask asks a session what it runs. It is not ok if there is none behind the
// socket; then the socket is removed.
func ask(path string) (info Info, ok bool) {
	name, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(path), ".sock"), "-")
	pid, err := strconv.Atoi(name)
	if err != nil {
		return info, false // not of ours
	}
	info = Info{PID: pid, Path: path}
	nc, err := net.DialTimeout("unix", path, answerTime)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		os.Remove(path) // sockets get this name when they listen already: see listen
		return info, false
	case errors.Is(err, os.ErrNotExist):
		return info, false
	case err != nil:
		info.Silent = "it cannot be reached: " + plainly(err)
		return info, true
	}
	defer nc.Close()
	nc.SetDeadline(time.Now().Add(answerTime))
	g, _, err := greet(nc, hello{Version: version, Want: "control", ReadOnly: true})
	if err != nil {
		info.Silent = plainly(err)
		return info, true
	}
	info.Argv, info.Start = g.Header.Argv, g.Header.Start
	return info, true
}

// find is the socket of the session that a user names: by pid, by path, or not at
// all if there is only one.
func find(target string, dirs []string) (string, error) {
	if strings.Contains(target, "/") {
		return target, nil
	}
	if target != "" && strings.Trim(target, "0123456789") != "" {
		return "", fmt.Errorf("session %q: neither a pid nor the path of a socket (see multiexit ctl list)", target)
	}
	for _, dir := range dirs {
		path := filepath.Join(dir, target+".sock")
		if target != "" && ours(dir) == nil && answers(path) {
			return path, nil
		}
	}
	list, err := sessionsIn(dirs)
	if err != nil && len(list) == 0 {
		return "", err
	}
	if len(list) == 0 {
		return "", errors.New("no multiexit session runs (start one with multiexit run)")
	}
	if target == "" && len(list) == 1 {
		return list[0].Path, nil
	}
	if target == "" {
		return "", &SeveralError{list}
	}
	return "", fmt.Errorf("no session has pid %s (there is: %s)", target, named(list))
}

// SeveralError says that no session was named and that there are several. How one
// is named is the caller's to say.
type SeveralError struct{ Sessions []Info }

func (e *SeveralError) Error() string {
	return fmt.Sprintf("%d sessions run: %s", len(e.Sessions), named(e.Sessions))
}

// named are sessions in a line; of many only the first.
func named(list []Info) string {
	const most = 5
	var names []string
	for _, info := range list[:min(most, len(list))] {
		names = append(names, info.String())
	}
	if more := len(list) - most; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, ", ")
}

// plainly is an error without the names of calls and files in front of it.
func plainly(err error) string {
	var errno syscall.Errno
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "it does not answer"
	case errors.As(err, &errno):
		return errno.Error()
	}
	return err.Error()
}
