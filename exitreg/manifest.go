package exitreg

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	sharedEnv   = "MULTIEXIT_SHARED" // the names of the shared handlers, for the children
	socketEnv   = "MULTIEXIT_SOCK"   // the observer's socket
	ordersEnv   = "MULTIEXIT_ORDERS" // set: it has orders that a run waits for
	manifestMax = 64 << 10           // bytes; Linux allows 128 KiB for one variable
)

// manifest is the value of MULTIEXIT_SHARED.
type manifest struct {
	Version int       `json:"v"`
	Parent  *identity `json:"parent,omitempty"` // the process that drives our shutdown; nil if it never installed
	Shared  []*entry  `json:"shared"`           // oldest first
}

// entry is one shared handler as it crosses exec.
type entry struct {
	Name     string        `json:"name"`
	Src      string        `json:"src,omitempty"`
	Key      string        `json:"key,omitempty"`
	Needs    []string      `json:"needs,omitempty"`
	Timeout  time.Duration `json:"timeout,omitempty"`
	identity               // of the process that shared it first
}

// family is what this process hands down: the inherited entries and its own. The
// environment is its only store outside, so that any way to start a process
// carries it.
type family struct {
	getenv   func(string) string
	setenv   func(key, value string) error
	unsetenv func(string) error

	mu        sync.Mutex
	loaded    bool
	unread    error // why the inherited value was ignored
	parent    identity
	self      *identity // set by adopt: from then on we drive our children
	inherited []*entry
	own       []*entry
}

// load reads the inherited value once, before it is overwritten for the first time.
func (f *family) load() {
	if f.loaded {
		return
	}
	f.loaded = true
	v := f.getenv(sharedEnv)
	if v == "" {
		return
	}
	m, err := parseManifest(v)
	if err != nil {
		f.unread = fmt.Errorf("%s: %w (no handler is inherited)", sharedEnv, err)
		return
	}
	f.inherited = m.Shared
	if m.Parent != nil {
		f.parent = *m.Parent
	}
}

func parseManifest(v string) (*manifest, error) {
	if len(v) > manifestMax {
		return nil, fmt.Errorf("longer than %d bytes", manifestMax)
	}
	var m manifest
	if err := json.Unmarshal([]byte(v), &m); err != nil {
		return nil, fmt.Errorf("malformed: %w", err)
	}
	if m.Version != 1 {
		return nil, fmt.Errorf("version %d is not known", m.Version)
	}
	for _, e := range m.Shared {
		if e == nil {
			return nil, errors.New("malformed: an entry is null")
		}
		if err := nameError(e.Name); err != nil {
			return nil, fmt.Errorf("malformed: %w", err)
		}
		if e.PID <= 0 || e.Timeout < 0 {
			return nil, fmt.Errorf("malformed: the entry %q has pid %d, timeout %d", e.Name, e.PID, e.Timeout)
		}
	}
	return &m, nil
}

// adopt returns what was inherited and from whom. From now on the children of
// this process look to it.
func (f *family) adopt(self identity) ([]*entry, identity, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.load()
	f.self = &self
	err := f.unread
	if len(f.inherited)+len(f.own) > 0 {
		err = errors.Join(err, f.publish())
	}
	return slices.Clone(f.inherited), f.parent, err
}

// add hands e down from now on.
func (f *family) add(e *entry) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.load()
	f.own = append(f.own, e)
	err := f.publish()
	if err != nil {
		f.own = f.own[:len(f.own)-1]
	}
	return err
}

// drop no longer hands e down; unknown ones are nothing to do.
func (f *family) drop(e *entry) {
	f.mu.Lock()
	defer f.mu.Unlock()
	is := func(o *entry) bool { return o == e }
	n := len(f.own) + len(f.inherited)
	f.own = slices.DeleteFunc(f.own, is)
	f.inherited = slices.DeleteFunc(f.inherited, is)
	if len(f.own)+len(f.inherited) < n {
		_ = f.publish() // it only became shorter
	}
}

// publish writes the environment. Nothing to hand down leaves nothing there.
func (f *family) publish() error {
	all := slices.Concat(f.inherited, f.own)
	if len(all) == 0 {
		return f.unsetenv(sharedEnv)
	}
	parent := f.self
	if parent == nil && f.parent != (identity{}) {
		parent = &f.parent // we never installed: who drove us drives them
	}
	v, err := json.Marshal(manifest{Version: 1, Parent: parent, Shared: all})
	if err != nil {
		return fmt.Errorf("%s: %w", sharedEnv, err)
	}
	if len(v) > manifestMax {
		e := all[len(all)-1]
		return fmt.Errorf("%s: %s at %s makes it %d bytes (more than %d cannot be handed down)",
			sharedEnv, strconv.Quote(e.Name), e.Src, len(v), manifestMax)
	}
	return f.setenv(sharedEnv, string(v))
}
