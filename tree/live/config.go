package live

import (
	"time"

	"multiexit/tree"
)

// Config is what holds for a session as a whole.
type Config struct {
	Argv  []string      // for the header
	Grace time.Duration // between SIGTERM and SIGKILL; 0 means the default, 10 s
	Dump  time.Duration // SIGQUIT this long before SIGKILL, at most half the grace; 0: none
	// Keep leaves alone what a command leaves behind when its own process exits. The
	// session does not wait for it either; the verdict names it. Its standard output,
	// if it still has that of the command, is closed with the session.
	Keep bool
	// Tap is called for each event of the stream, in order, with the session locked:
	// it must not block and must not call a method of the Session. The event is
	// valid during the call only.
	Tap func(*tree.Event)
}

// Options say what to start as the only command of a session.
type Options struct {
	Argv  []string      // the command; Argv[0] is looked up in PATH
	Dir   string        // working directory; "": ours
	Env   []string      // nil: os.Environ()
	Name  string        // name of the root node; "": base of Argv[0]
	Grace time.Duration // Stop: between SIGTERM and SIGKILL; 0 means the default, 10 s
}

// StopOptions say how a node and all below it are ended.
type StopOptions struct {
	Signal      string        // the first one; "": SIGTERM
	Grace, Dump time.Duration // as in Config; 0: the session's
	Kill        bool          // SIGKILL at once
}

// Verdict is how it ended.
type Verdict struct {
	Total     int        `json:"total"`
	Gone      int        `json:"gone"`
	Survivors []Survivor `json:"survivors,omitempty"`
	Code      int        `json:"code"`         // the exit status of the first command's process (node 0)
	Sig       string     `json:"sig,omitzero"` // the signal that ended it; Code is 0 then
}

// newSession makes a session without processes.
func newSession(c Config) *Session {
	s := &Session{
		config:   c,
		queue:    newQueue(),
		rootGone: make(chan struct{}),
		done:     make(chan struct{}),
		byPID:    map[int]*proc{},
		byID:     map[string]*proc{},
		reserved: map[string]bool{},
		notes:    map[string]*tally{},
		emptied:  map[string]chan struct{}{},
		held:     true,
	}
	if s.config.Grace <= 0 {
		s.config.Grace = defaultGrace
	}
	return s
}
