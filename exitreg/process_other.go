//go:build !linux

package exitreg

import "os"

// identify knows only the pid here.
func identify(pid int) identity { return identity{PID: pid} }

// alive can tell only our own parent: once it is gone, another pid is our parent
// (on Windows the answer never changes).
func (id identity) alive() bool { return id.PID > 0 && id.PID == os.Getppid() }
