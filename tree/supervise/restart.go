package supervise

import (
	"fmt"
	"time"

	"multiexit/tree"
	"multiexit/tree/spec"
)

const (
	defaultDelay = time.Second
	defaultMax   = time.Minute
	goodRun      = 10 * time.Second // after which a failure is the first one again
)

// again says whether a command that ended by itself is to start again.
func (s *Supervisor) again(c *command, well bool) bool {
	p := &c.spec.Restart
	if s.stopping || p.Policy != spec.Always && (p.Policy != spec.OnFailure || well) {
		return false
	}
	if c.run != nil && time.Since(c.run.began) >= goodRun {
		c.retries = 0
	}
	return p.Limit == 0 || c.retries < p.Limit
}

// backOff waits before it starts a command again, each time twice as long.
func (s *Supervisor) backOff(c *command, why string) {
	d := backOff(&c.spec.Restart, c.retries)
	c.retries++
	c.due = false
	halt(c.delay)
	c.delay = nil
	var mine *time.Timer
	mine = s.after(d, func() {
		if c.delay == mine {
			c.delay, c.due = nil, true
		}
	})
	c.delay = mine
	s.tell(c, tree.CommandBackoff, why, d)
}

// backOff is the delay before restart number n, which counts from 0.
func backOff(p *spec.Restart, n int) time.Duration {
	d, most := p.Delay, p.Max
	if d <= 0 {
		d = defaultDelay
	}
	if most <= 0 {
		most = max(d, defaultMax)
	}
	for ; n > 0 && d < most; n-- {
		d *= 2
	}
	return min(d, most)
}

func afterRestarts(n int) string {
	if n == 1 {
		return ", after 1 restart"
	}
	return fmt.Sprintf(", after %d restarts", n)
}
