package tree

import "time"

// Details is what the system tells of one process at one moment. What we may not
// read, or this system does not tell, is zero and named in Denied.
type Details struct {
	PID     int        `json:"pid"`
	PPID    int        `json:"ppid"`
	PGID    int        `json:"pgid"`
	SID     int        `json:"sid"`
	TTY     string     `json:"tty,omitzero"` // "pts/3"; "" if it has no controlling terminal
	User    string     `json:"user,omitzero"`
	State   string     `json:"state,omitzero"` // "running", "sleeping", "stopped", "zombie" ...
	Dir     string     `json:"dir,omitzero"`
	Exe     string     `json:"exe,omitzero"`
	Argv    []string   `json:"argv,omitempty"`
	Env     []string   `json:"env,omitempty"`
	Files   []OpenFile `json:"files,omitempty"`
	Limits  []Limit    `json:"limits,omitempty"`
	CPU     float64    `json:"cpu"` // per cent of one core since the last call for this process
	RSS     uint64     `json:"rss"` // bytes
	Threads int        `json:"threads,omitzero"`
	Started time.Time  `json:"started,omitzero"`
	Signals []Standing `json:"signals,omitempty"` // of all signals, in the order of their numbers
	Denied  []string   `json:"denied,omitempty"`
}

// OpenFile is one file descriptor.
type OpenFile struct {
	FD   int    `json:"fd"`
	Path string `json:"path"` // "/var/log/x", "pipe:[123]", "socket:[9]"
}

// Limit is one resource limit; see getrlimit(2).
type Limit struct {
	Name string `json:"name"`
	Soft string `json:"soft"`
	Hard string `json:"hard"`
}

// Standing is what one signal would do.
type Standing struct {
	Signal  string      `json:"signal"`
	Effect  Disposition `json:"effect"`
	Pending bool        `json:"pending,omitzero"` // it was sent and not taken yet
}

// Target is what a signal would do to one of those it would reach.
type Target struct {
	Node    string `json:"node"`
	Effect  Effect `json:"effect"`
	Stopped bool   `json:"stopped,omitzero"` // it takes the signal only when it is continued
	Unsure  bool   `json:"unsure,omitzero"`  // its masks do not tell the whole truth (Node.js, Ruby, Go without symbols)
}

// Effect is what a signal would do to a process: a Disposition, or that there is
// nothing it could do.
type Effect string

const (
	EffectCaught  Effect = "caught"
	EffectDefault Effect = "default" // what the default action is depends on the signal: signal(7)
	EffectIgnored Effect = "ignored"
	EffectBlocked Effect = "blocked"
	EffectPID1    Effect = "pid1" // no default action for the first process of a pid namespace: pid_namespaces(7)
	EffectGone    Effect = "gone"
	EffectRefused Effect = "refused" // we may not signal it
)
