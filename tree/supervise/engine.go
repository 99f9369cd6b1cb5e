package supervise

import (
	"time"

	"multiexit/tree"
	"multiexit/tree/live"
)

// engine is what runs the processes; *live.Session is the one there is.
type engine interface {
	Header() tree.Header
	Events() <-chan []tree.Event
	RootGone() <-chan struct{}
	Reserve() string
	Run(live.Command) (node string, err error)
	Release()
	Emit(tree.Event)
	Wait() live.Verdict

	Emptied(node string) <-chan struct{}
	Exit(node string) (code int, sig string, ok bool)

	Look() <-chan uint64
	Signal(node, sig, scope string) error
	StopNode(node string, o live.StopOptions)
	Stop()
	Kill()
	Extend(node string, d time.Duration) error
	Next(node string) error
	Order(pattern, line string) error
	Pause(node string, on bool) error

	Usage(node string) (live.Usage, error)
	Details(node string) (tree.Details, error)
	Preview(sig, scope string, nodes []string) ([]tree.Target, error)
	Input(node string, data []byte) error
	CloseInput(node string) error
	Resize(node string, cols, rows int) error
}

// openLive opens a session without processes.
func openLive(c live.Config) (engine, error) {
	s, err := live.Open(c)
	if err != nil {
		return nil, err // not s: an interface with a nil pointer in it is not nil
	}
	return s, nil
}
