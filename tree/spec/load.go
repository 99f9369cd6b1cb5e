package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unicode/utf8"
)

// maxSize is how large a file may be. One that is larger was not written by hand
// and is most likely the wrong one.
const maxSize = 1 << 20

// lookedFor are the files that are taken when none is named, the first that is there.
var lookedFor = []string{"multiexit.yaml", "multiexit.yml", "Procfile"}

// Load reads a Procfile, or a multiexit.yaml, which may be written as JSON. Of
// which kind a file is, its name says, or else its contents. In a directory, and
// with "" in the current one, it looks for multiexit.yaml, multiexit.yml and
// Procfile. env is the environment, as KEY=VALUE, from which variables are taken.
//
// The error is of type Errors and holds all that is wrong, in the order of the file.
func Load(path string, env []string) (*File, error) {
	path, err := find(path)
	if err != nil {
		return nil, err
	}
	r := &reader{
		path: path, dir: filepath.Dir(path), env: environment(env), file: &File{Path: path},
		groups: map[string]*node{}, made: map[string]int{},
	}
	if src, ok := r.contents(path); ok {
		if isProcfile(path, src) {
			r.procfile(src)
		} else {
			r.yaml(src)
		}
	}
	if len(r.errs) > 0 {
		return nil, ordered(r.errs)
	}
	return r.file, nil
}

// find is the file that is meant by path.
func find(path string) (string, error) {
	if path != "" {
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			return path, nil // what is wrong with it is told when it is read
		}
	}
	for _, name := range lookedFor {
		file := filepath.Join(path, name)
		if info, err := os.Stat(file); err == nil && !info.IsDir() {
			return file, nil
		}
	}
	where := "here"
	if path != "" {
		where = "in " + path
	}
	return "", Errors{{Why: "no multiexit.yaml, multiexit.yml or Procfile " + where, Advice: "multiexit init writes an example", cause: fs.ErrNotExist}}
}

// contents reads a file as text, without a byte order mark and with lines that
// end in a line feed. What is wrong with it is added to the errors.
func (r *reader) contents(path string) (string, bool) {
	raw, err := read(path)
	if err != nil {
		e := Error{Path: path, Why: reason(err), cause: err}
		if errors.Is(err, fs.ErrNotExist) {
			e.Advice = "multiexit init writes an example"
		}
		r.add(e)
		return "", false
	}
	e, ok := legible(raw)
	if !ok {
		e.Path = path
		r.add(e)
		return "", false
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	return strings.ReplaceAll(string(raw), "\r\n", "\n"), true
}

var errSize = fmt.Errorf("larger than %d MiB", maxSize>>20)

func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err == nil && len(raw) > maxSize {
		err = errSize
	}
	return raw, err
}

// reason is the error of a file without what was done to it and its name.
func reason(err error) string {
	var pe *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "no such file"
	case errors.Is(err, syscall.EISDIR):
		return "a directory, not a file"
	case errors.As(err, &pe):
		return pe.Err.Error()
	}
	return err.Error()
}

// legible reports whether raw is text, and else where it is not.
func legible(raw []byte) (Error, bool) {
	if bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")) {
		return Error{Why: "written in UTF-16", Advice: "save it as UTF-8"}, false
	}
	place := func(at int) (line, column int) {
		before := raw[:at]
		return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	}
	if zero := bytes.IndexByte(raw, 0); zero >= 0 {
		line, column := place(zero)
		return Error{Line: line, Column: column, Why: "a zero byte: this is no text file", Advice: "is it the right file?"}, false
	}
	for at := 0; at < len(raw); {
		r, size := utf8.DecodeRune(raw[at:])
		if r == utf8.RuneError && size == 1 {
			line, column := place(at)
			return Error{Line: line, Column: column, Text: fmt.Sprintf("%#x", raw[at]), Why: "not UTF-8", Advice: "save it as UTF-8"}, false
		}
		at += size
	}
	return Error{}, true
}

// beside is a path of the file as a path of ours.
func (r *reader) beside(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(r.dir, path)
}
