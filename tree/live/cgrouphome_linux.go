package live

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// cgroupHome is the group that we are in ourselves: its directory and its name.
// Tests replace it.
var cgroupHome = func() (dir, name string, err error) {
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return "", "", err
	}
	own, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return "", "", err
	}
	name, ok := unifiedName(string(own))
	if !ok {
		return "", "", errors.New("no control groups version 2")
	}
	dir, err = cgroupDir(string(mounts), name)
	return dir, name, err
}

// unifiedName finds the group of version 2 among those of a process.
func unifiedName(groups string) (string, bool) {
	for line := range strings.Lines(groups) {
		if name, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "0::"); ok {
			return name, true
		}
	}
	return "", false
}

// cgroupDir finds the directory of a group, where the unified or the hybrid
// hierarchy is mounted (proc_pid_mountinfo(5), cgroups(7)).
func cgroupDir(mounts, name string) (string, error) {
	if strings.HasPrefix(name, "/..") {
		return "", fmt.Errorf("our group %s is outside of our cgroup namespace", name)
	}
	for line := range strings.Lines(mounts) {
		front, back, _ := strings.Cut(line, " - ")
		f := strings.Fields(front)
		if len(f) < 5 || !strings.HasPrefix(back, "cgroup2 ") {
			continue
		}
		below, err := filepath.Rel(unescape(f[3]), name)
		if err == nil && below != ".." && !strings.HasPrefix(below, "../") {
			return filepath.Join(unescape(f[4]), below), nil
		}
	}
	return "", fmt.Errorf("no mount of cgroup2 shows our group %s", name)
}

// unescape reads the blanks of a path in mountinfo.
func unescape(path string) string {
	return strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`).Replace(path)
}
