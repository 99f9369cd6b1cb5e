package live

import (
	"fmt"
	"strconv"
	"sync"

	"github.com/shirou/gopsutil/v3/process"

	"multiexit/tree"
)

// counter keeps what gopsutil needs to tell the CPU use since the last call.
type counter struct {
	mu      sync.Mutex
	proc    process.Process
	detail  process.Process // for Details, which has its own last call
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
	c := p.count()
	s.mu.Unlock()
	return c.read()
}

// count is the counter of p, with the session locked. Another program in the same
// process has another one.
func (p *proc) count() *counter {
	c := p.counter
	if c == nil || c.argv0 != p.name {
		// Not NewProcess: it leaks a pidfd until the garbage collection and costs
		// eight times a read.
		c = &counter{argv0: p.name}
		c.proc.Pid, c.detail.Pid = int32(p.pid), int32(p.pid)
		p.counter = c
	}
	return c
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

// describe fills in what it knows for Details.
func (c *counter) describe(d *tree.Details) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d.CPU, _ = c.detail.Percent(0)
	if m, err := c.detail.MemoryInfo(); err == nil && m != nil {
		d.RSS = m.RSS
	}
	d.User, _ = c.detail.Username()
	if uids, err := c.detail.Uids(); d.User == "" && err == nil && len(uids) > 0 {
		d.User = strconv.Itoa(int(uids[0])) // who has no name
	}
}

func init() {
	// Else every call reads the boot time again.
	process.EnableBootTimeCache(true)
}
