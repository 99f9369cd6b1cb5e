package supervise

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree/spec"
)

func try(t *testing.T, p *spec.Probe, dir string) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	return attempt(p, dir)(ctx)
}

func TestProbeTCP(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &spec.Probe{TCP: l.Addr().String()}
	if !try(t, p, "") {
		t.Error("nobody listens")
	}
	l.Close()
	if try(t, p, "") {
		t.Error("somebody listens")
	}
}

func TestProbeHTTP(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/no", http.StatusFound)
		case "/no":
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	for path, want := range map[string]bool{"/": true, "/moved": true, "/no": false} {
		if got := try(t, &spec.Probe{HTTP: server.URL + path}, ""); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
	server.Close()
	if try(t, &spec.Probe{HTTP: server.URL}, "") {
		t.Error("the server is closed")
	}
}

func TestProbeFile(t *testing.T) {
	dir := t.TempDir()
	p := &spec.Probe{File: "up"}
	if try(t, p, dir) {
		t.Error("it is not there yet")
	}
	path := filepath.Join(dir, "up")
	os.WriteFile(path, nil, 0o600)
	if !try(t, p, dir) || !try(t, &spec.Probe{File: path}, "/") {
		t.Error("it is there")
	}
}

// TestPoll: tries go on until one succeeds, and none is after its end.
func TestPoll(t *testing.T) {
	bubble(t, func(t *testing.T) {
		tries, start := 0, time.Now()
		found := make(chan struct{})
		go poll(t.Context(), time.Second, func(context.Context) bool { tries++; return tries == 4 }, func() { close(found) })
		<-found
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("it took %v", took)
		}
		ctx, cancel := context.WithCancel(t.Context())
		go poll(ctx, time.Second, func(context.Context) bool { cancel(); return true }, func() { t.Error("found after its end") })
	})
}

func TestSigns(t *testing.T) {
	seen := 0
	var w watched
	add := func(line string) {
		w.add("0", &sign{line: regexp.MustCompile(line), seen: func() { seen++ }})
	}
	out := func(node, stream, text string) {
		w.see(&exitreg.Event{Kind: exitreg.KindOut, Node: node, Stream: stream, Text: text})
	}
	for _, c := range []struct {
		line   string
		node   string
		stream string
		texts  []string
		want   bool
	}{
		{"^ready$", "0", "stdout", []string{"not ready", "ready"}, true},
		{"^ready$", "0.1", "stderr", []string{"ready"}, true},
		{"^ready$", "1", "stdout", []string{"ready"}, false},
		{"^ready$", "0", "stdout", []string{"rea", "dy"}, false},
		{"^ready$", "0", "stdout", []string{"\x1b[1;32mready\x1b[0m\x1b]0;title\x07"}, true},
		{"^ready$", "0", "pty", []string{"boot\r\nrea", "dy\r\n"}, true},
		{"^> $", "0", "pty", []string{"boot\r\n", "> "}, true},
		{"^ready$", "0", "pty", []string{"al", "ready\r\n"}, false},
		{"^ready$", "0", "pty", []string{"x\r\n\x1b[3", "2mready\x1b[0m\r\n"}, true},
	} {
		seen = 0
		add(c.line)
		for _, text := range c.texts {
			out(c.node, c.stream, text)
		}
		if (seen == 1) != c.want {
			t.Errorf("%+v: seen %d times", c, seen)
		}
		out("0", "stdout", "ready") // once it was seen, the rest is for nobody
		if seen != 1 && c.line == "^ready$" {
			t.Errorf("%+v: seen %d times in the end", c, seen)
		}
		w.forget("0")
	}
}
