package live

import (
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"

	"multiexit/tree"
)

// expect reads what sig would do to p, once.
func expect(t *tree.Target, p *proc, sig syscall.Signal) {
	base := "/proc/" + strconv.Itoa(p.pid)
	m, err := readMasks(base + "/status")
	switch {
	case err == unix.ENOENT || err == unix.ESRCH || m.state == 'Z' && m.threads <= 1:
		return // gone
	case err != nil:
		t.Effect, t.Unsure = tree.EffectDefault, true
		return
	}
	stopped := m.state == 'T' || m.state == 't'
	t.Stopped = stopped && sig != unix.SIGKILL && sig != unix.SIGCONT
	switch d := effect(p, base, &m, sig); {
	case d == tree.Unknown:
		t.Effect, t.Unsure = tree.EffectCaught, true
	case d == tree.Ignored && shielded(p, &m) && m.ignored&bitOf(sig) == 0 && m.caught&bitOf(sig) == 0:
		t.Effect = tree.EffectPID1
	default:
		t.Effect = tree.Effect(d)
	}
}
