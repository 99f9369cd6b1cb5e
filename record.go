package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"multiexit/tree"
	"multiexit/tree/tape"
)

// recorder writes the events to the file of --record. A recorder of no file
// takes everything and does nothing.
type recorder struct {
	file *os.File
	made bool // the file was not there before
	w    *tape.Writer
	err  error // the first error; nothing is written after it
}

// openRecord opens the file before anything is started, so that a session whose
// recording was asked for does not run without one. What the file held before
// stays until begin.
func openRecord(path string) (*recorder, error) {
	if path == "" {
		return &recorder{}, nil
	}
	_, err := os.Stat(path)
	r := &recorder{made: errors.Is(err, fs.ErrNotExist)}
	r.file, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return nil, usage("--record "+path, reason(err), "name a file in a directory you can write to")
	}
	return r, nil
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
	r.w, r.err = tape.NewWriter(r.file, h)
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
	if r.w == nil || r.err != nil {
		return nil
	}
	return r.fail(r.w.Write(batch))
}

// Close completes the file.
func (r *recorder) Close() error {
	if r.file == nil {
		return nil
	}
	err := r.file.Close()
	if r.err != nil {
		return nil // told already
	}
	return r.fail(err)
}

func (r *recorder) fail(err error) error {
	if err == nil {
		return nil
	}
	r.err = fmt.Errorf("--record %s: %s (the recording is torn)", r.file.Name(), reason(err))
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
