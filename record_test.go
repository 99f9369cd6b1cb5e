package main

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRecord: what is recorded is what is shown, and replay prints the same.
func TestRecord(t *testing.T) {
	w := newWorld(t)
	file := filepath.Join(w.dir, "tape.jsonl")
	os.WriteFile(file, bytes.Repeat([]byte("old\n"), 1<<16), 0o644)
	shown := w.run("demo", "readme", "--json", "--record", file, "--send", "main=TERM")
	recorded, err := os.ReadFile(file)
	if err != nil || string(recorded) != shown.stdout {
		t.Errorf("recorded %s\nshown %s", recorded, shown.stdout)
	}
	if again := w.run("replay", "--json", file); again.stdout != shown.stdout {
		t.Errorf("replayed %s", again.stdout)
	}
	w.run("run", "--record", filepath.Join(w.dir, "none"), "--", "no-such-tool")
	if _, err := os.Stat(filepath.Join(w.dir, "none")); err == nil {
		t.Error("a recording of nothing")
	}
}

// TestFullDisk: the recording stops, with a word; the session goes on.
func TestFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip(err)
	}
	got := newWorld(t).run("run", "--plain", "--record", "/dev/full", "--", "bash", "-c", "echo works; exit 4")
	if got.status != 4 || !strings.Contains(got.stdout, "works") || !strings.Contains(got.stderr, "no space left on device (the recording is torn)") {
		t.Errorf("%+v", got)
	}
	w := newWorld(t)
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	cmd := w.command("demo", "readme", "--plain")
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = full, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if status := w.wait(cmd); status != 125 || !strings.Contains(stderr.String(), "multiexit: standard output: no space left on device\n") {
		t.Errorf("status %d, %s", status, &stderr)
	}
	w.nothingLeft()
}

// TestReaderLeaves: nobody reads any more (as with head): everything is stopped
// and nothing is said about it.
func TestReaderLeaves(t *testing.T) {
	w := newWorld(t)
	cmd := w.command("demo", "readme", "--plain")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	out.Close()
	if status := w.wait(cmd); status != 128+13 || stderr.String() != "" {
		t.Errorf("status %d, stderr %q", status, &stderr)
	}
	w.nothingLeft()
}
