package live

import (
	"fmt"
	"sync"

	"github.com/shirou/gopsutil/v3/process"
)

// counter keeps what gopsutil needs to tell the CPU use since the last call.
type counter struct {
	mu      sync.Mutex
	proc    process.Process
	user    string
	cmdline string
	argv0   string // for which program user and cmdline were read
}

// Usage tells what the process of a node uses now. It is meant for the rows on
// the screen, about once a second: each call reads several files.
func (s *Session) Usage(node string) (Usage, error) {
	s.mu.Lock()
	p := s.byID[node]
	if p == nil || p.dead {
		s.mu.Unlock()
		return Usage{}, fmt.Errorf("usage of %s: it is gone", node)
	}
	c := p.counter
	if c == nil || c.argv0 != p.name {
		// Not NewProcess: it leaks a pidfd until the garbage collection and costs
		// eight times a read.
		c = &counter{argv0: p.name}
		c.proc.Pid = int32(p.pid)
		p.counter = c
	}
	s.mu.Unlock()
	return c.read()
}

func (c *counter) read() (u Usage, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if u.CPU, err = c.proc.Percent(0); err != nil {
		return Usage{}, fmt.Errorf("usage of pid %d: %w", c.proc.Pid, err)
	}
	if m, err := c.proc.MemoryInfo(); err == nil && m != nil {
		u.RSS = m.RSS
	}
	if c.cmdline == "" {
		c.user, _ = c.proc.Username()
		c.cmdline, _ = c.proc.Cmdline()
		c.cmdline = clean(c.cmdline, maxText)
	}
	u.User, u.Cmdline = c.user, c.cmdline
	return u, nil
}

func init() {
	// Else every call reads the boot time again.
	process.EnableBootTimeCache(true)
}
