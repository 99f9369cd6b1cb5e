package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"multiexit/tree"
	"multiexit/tree/tape"
)

// spoolMost is how large the temporary file behind a session may become before
// lines of output are left out of it. One that the user asked for has no limit.
const spoolMost = 1 << 30

// recorder keeps the events of a session on disk: in the file of --record, or in
// a temporary one without a name, for those who look back or join later. Without
// any it takes everything and does nothing.
type recorder struct {
	file  *os.File
	asked bool // by --record
	made  bool // the file was not there before
	spool *tape.Spool
	err   error // the first error; nothing is written after it
}

// openRecord opens the file before anything is started, so that a session whose
// recording was asked for does not run without one. What the file held before
// stays until begin.
func openRecord(path string) (*recorder, error) {
	if path == "" {
		return openSpool(), nil
	}
	_, err := os.Stat(path)
	r := &recorder{asked: true, made: errors.Is(err, fs.ErrNotExist)}
	r.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if errors.Is(err, fs.ErrPermission) {
		r.file, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o644)
	}
	if err != nil {
		return nil, usage("--record "+path, reason(err), "name a file in a directory you can write to")
	}
	return r, nil
}

// openSpool makes a file that is gone with its last user, however that ends.
func openSpool() *recorder {
	dir := os.TempDir()
	if os.Getenv("TMPDIR") == "" {
		dir = "/var/tmp" // /tmp is often in memory
	}
	f, err := os.CreateTemp(dir, "multiexit-*.jsonl")
	if err != nil {
		f, err = os.CreateTemp("", "multiexit-*.jsonl")
	}
	if err != nil {
		return &recorder{} // what is shown is all there is
	}
	os.Remove(f.Name())
	return &recorder{file: f}
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
	limit := int64(spoolMost)
	if r.asked {
		limit = 0
	}
	r.spool, r.err = tape.NewSpool(r.file, h, limit)
	return r.fail(r.err)
}

// cancel undoes openRecord when there will be nothing to record.
func (r *recorder) cancel() {
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

// Close completes the file.
func (r *recorder) Close() error {
	if r.file == nil {
		return nil
	}
	r.complete()
	err := r.file.Close()
	if r.err != nil || !r.asked {
		return nil // told already, or nobody's loss
	}
	return r.fail(err)
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
