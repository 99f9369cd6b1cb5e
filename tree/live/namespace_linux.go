package live

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// initWord is the hidden argument by which our own executable becomes the first
// process of a pid namespace. What follows is the descriptor to tell failures
// through, the program's path, and its arguments from argv[0] on.
const initWord = "-multiexit.init"

// enclosure is the start of a command as process 1 of a pid namespace of its own
// (pid_namespaces(7)). A /proc that shows the namespace can only be mounted from
// inside, so our executable starts there, mounts it, and becomes the command.
type enclosure struct {
	exe  string
	argv []string
	told int // its failure is read from here; it ends without a word by exec
	tell int
}

// enclose prepares it and changes attr for it.
func enclose(attr *syscall.ProcAttr, path string, argv []string) (*enclosure, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var pipe [2]int
	if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC); err != nil {
		return nil, err
	}
	attr.Files = append(slices.Clip(attr.Files), uintptr(pipe[1]))
	attr.Sys.Cloneflags |= unix.CLONE_NEWPID | unix.CLONE_NEWNS
	if os.Geteuid() != 0 {
		asUser(attr.Sys)
	}
	args := []string{"multiexit", initWord, strconv.Itoa(len(attr.Files) - 1), path}
	return &enclosure{exe: exe, argv: append(args, argv...), told: pipe[0], tell: pipe[1]}, nil
}

// asUser adds a user namespace, which gives the right to make the others
// (user_namespaces(7)). Everybody stays who they are in it; the one capability
// is for mounting, and is given up before the command runs.
func asUser(sys *syscall.SysProcAttr) {
	uid, gid := os.Geteuid(), os.Getegid()
	sys.Cloneflags |= unix.CLONE_NEWUSER
	sys.UidMappings = []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: 1}}
	sys.GidMappings = []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: 1}}
	sys.AmbientCaps = []uintptr{unix.CAP_SYS_ADMIN}
}

// start starts it. As root without the capability, as in a container, it is tried
// as a user may.
func (e *enclosure) start(attr *syscall.ProcAttr) (pid int, err error) {
	pid, _, err = syscall.StartProcess(e.exe, e.argv, attr)
	if err == syscall.EPERM && attr.Sys.Cloneflags&unix.CLONE_NEWUSER == 0 {
		asUser(attr.Sys)
		pid, _, err = syscall.StartProcess(e.exe, e.argv, attr)
	}
	return pid, err
}

// await returns once the command runs, or with the step of beInit that failed; pid
// is reaped then.
func (e *enclosure) await(pid int) (step string, err error) {
	unix.Close(e.tell)
	e.tell = -1
	text := make([]byte, 0, 64)
	for {
		n, err := unix.Read(e.told, text[len(text):cap(text)])
		if err == unix.EINTR {
			continue
		}
		if n <= 0 || err != nil {
			break
		}
		text = text[:len(text)+n]
	}
	if len(text) == 0 {
		return "", nil // or it was killed on the way: that will be seen
	}
	for {
		if _, err := unix.Wait4(pid, nil, 0, nil); err != unix.EINTR {
			break
		}
	}
	step, code, _ := strings.Cut(string(text), " ")
	return step, syscall.Errno(atoi(code))
}

func (e *enclosure) close() {
	unix.Close(e.told)
	if e.tell >= 0 {
		unix.Close(e.tell)
	}
}

// enclosureError says why there is no namespace for a command.
func enclosureError(name string, err error) error {
	advice := "run without a pid namespace of its own"
	switch {
	case errors.Is(err, unix.EPERM), errors.Is(err, unix.EACCES):
		advice = "users may be forbidden to make namespaces here: see sysctl kernel.apparmor_restrict_unprivileged_userns and kernel.unprivileged_userns_clone; in a container it needs CAP_SYS_ADMIN"
	case errors.Is(err, unix.ENOSPC), errors.Is(err, unix.EUSERS):
		advice = "there are too many: see sysctl user.max_pid_namespaces and user.max_user_namespaces"
	}
	return fmt.Errorf("%s: no pid namespace for it: %w (%s)", name, err, advice)
}

// beInit is what runs first in the namespace. It does not return.
func beInit(args []string) {
	runtime.LockOSThread() // capabilities belong to threads
	if len(args) < 3 || os.Getpid() != 1 {
		fmt.Fprintln(os.Stderr, initWord+": for multiexit's own use only")
		os.Exit(125)
	}
	fd := atoi(args[0])
	unix.CloseOnExec(fd)
	fail := func(step string, err error) {
		var errno syscall.Errno
		errors.As(err, &errno)
		unix.Write(fd, []byte(step+" "+strconv.Itoa(int(errno))))
		os.Exit(125)
	}
	// What is mounted here must not appear outside.
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_SLAVE, ""); err != nil {
		fail("mount", err)
	}
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		fail("mount", err)
	}
	dropCapability()
	fail("exec", syscall.Exec(args[1], args[2:], os.Environ()))
}

// dropCapability gives up what asUser gave, which the command would inherit.
func dropCapability() {
	if os.Geteuid() == 0 {
		return
	}
	unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
	head := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	unix.Capset(&head, &none[0])
}
