package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"multiexit/tree"
	"multiexit/tree/history"
	"multiexit/tree/tape"
)

// spoolMost is how large the file behind a session may become before lines of
// output are left out of it. One that the user asked for has no limit.
const spoolMost = 1 << 30

// recorder keeps the events of a session on disk, for those who look back or join
// later: in the file of --record, else in the history, else in a temporary file
// without a name. Without any it takes everything and does nothing.
type recorder struct {
	file   *os.File
	asked  bool         // by --record
	made   bool         // the file was not there before
	past   *history.Run // its place in the history; nil if it has none
	missed error        // why it has none, though it was to have one
	limit  int64        // of the file; 0: none
	spool  *tape.Spool
	err    error // the first error; nothing is written after it
}

// openRecord opens the file before anything is started, so that a session whose
// recording was asked for does not run without one. What the file held before
// stays until begin.
func openRecord(o *options) (*recorder, error) {
	r := &recorder{}
	if o.record != "" {
		if err := r.openAsked(o.record); err != nil {
			return nil, err
		}
	}
	if !o.noRecord && os.Getenv("MULTIEXIT_NO_RECORD") == "" {
		r.enter()
	}
	if r.file == nil {
		r.openSpool()
	}
	return r, nil
}

func (r *recorder) openAsked(path string) error {
	_, err := os.Stat(path)
	r.asked, r.made = true, errors.Is(err, fs.ErrNotExist)
	r.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if errors.Is(err, fs.ErrPermission) {
		r.file, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o644)
	}
	if err != nil {
		return usage("--record "+path, reason(err), "name a file in a directory you can write to")
	}
	return nil
}

// enter gives the session its place in the history: a file of its own, or a link
// to that of --record. Without a place the session goes on.
func (r *recorder) enter() {
	store, err := history.Default()
	switch {
	case errors.Is(err, history.ErrNoHome):
		return // of a service, which has no history either
	case err != nil:
		r.missed = err
	case r.asked:
		r.past, r.missed = store.Link(r.file, time.Now())
	default:
		if r.past, r.limit, r.missed = store.Begin(time.Now()); r.missed == nil {
			r.file = r.past.File
		}
	}
	r.limit = min(spoolMost, r.limit)
}

// openSpool makes a file that is gone with its last user, however that ends.
func (r *recorder) openSpool() {
	dir := os.TempDir()
	if os.Getenv("TMPDIR") == "" {
		dir = "/var/tmp" // /tmp is often in memory
	}
	f, err := os.CreateTemp(dir, "multiexit-*.jsonl")
	if err != nil {
		f, err = os.CreateTemp("", "multiexit-*.jsonl")
	}
	if err != nil {
		return // what is shown is all there is
	}
	os.Remove(f.Name())
	r.file, r.limit = f, spoolMost
}

// begin empties the file and writes the header.
func (r *recorder) begin(h tree.Header) error {
	if r.file == nil {
		return nil
	}
	if info, err := r.file.Stat(); err == nil && info.Mode().IsRegular() {
		if err := r.file.Truncate(0); err != nil {
			return r.fail(err)
		}
	}
	r.spool, r.err = tape.NewSpool(r.file, h, r.limit)
	if r.err != nil && r.past != nil && !r.asked { // the disk of the home is full, say
		r.missed, r.err = r.err, nil
		r.leave()
		r.openSpool()
		return r.begin(h)
	}
	return r.fail(r.err)
}

// leave takes the place in the history back.
func (r *recorder) leave() {
	r.past.Drop()
	if r.past = nil; !r.asked {
		r.file.Close()
		r.file = nil
	}
}

// cancel undoes openRecord when there will be nothing to record.
func (r *recorder) cancel() {
	if r.past != nil {
		r.leave()
	}
	if r.file != nil {
		if r.made {
			os.Remove(r.file.Name())
		}
		r.file.Close()
	}
}

// Write writes a batch. It returns an error once; the session goes on without
// the recording.
func (r *recorder) Write(batch []tree.Event) error {
	if r.spool == nil || r.err != nil {
		return nil
	}
	return r.fail(r.spool.Write(batch))
}

// complete says that nothing more comes. Who still reads has until Close.
func (r *recorder) complete() {
	if r.spool != nil {
		r.spool.Close()
	}
}

// Close completes the file, and the history with what became of the session.
func (r *recorder) Close(t *tree.Tree) error {
	if r.file == nil {
		return nil
	}
	r.complete()
	if r.past != nil && r.spool != nil && r.err == nil {
		if err := r.past.Complete(history.Sum(r.spool.Header(), t)); err != nil {
			r.missed = err
		}
	}
	err := r.file.Close()
	if r.err != nil || !r.asked {
		return nil // told already, or nobody's loss
	}
	return r.fail(err)
}

// place says where the recording of the session is, while it runs.
func (r *recorder) place() string {
	switch {
	case r.past != nil && r.asked:
		return fmt.Sprintf("later: multiexit replay %s, it is in %s", r.past.ID, r.file.Name())
	case r.past != nil:
		return fmt.Sprintf("later: multiexit replay %s, it is in %s", r.past.ID, r.past.Path())
	case r.asked:
		return "recorded in " + r.file.Name()
	case r.missed != nil:
		return "not recorded: " + r.missed.Error()
	}
	return "not recorded (--no-record)"
}

// tellPlace says how the session can be looked at again.
func (r *recorder) tellPlace(w io.Writer) {
	if r.past != nil && r.missed == nil && r.err == nil {
		fmt.Fprintf(w, "multiexit: recorded: multiexit replay %s\n", r.past.ID)
	}
	r.tellMissed(w)
}

// tellMissed says that the history does not have the session, if it should.
func (r *recorder) tellMissed(w io.Writer) {
	if r.missed != nil {
		fmt.Fprintf(w, "multiexit: not in the history: %s (--no-record: none is kept)\n", tree.Clean(r.missed.Error()))
	}
}

func (r *recorder) fail(err error) error {
	if err == nil {
		return nil
	}
	r.err = err
	if r.asked {
		r.err = fmt.Errorf("--record %s: %s (the recording is torn)", r.file.Name(), reason(err))
	}
	return r.err
}

// reason is an error without the names of the call and the file in front of it.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}
