package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"multiexit/tree/check"
	"multiexit/tree/export"
)

// shop is the recording of the documentation.
func shop(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("docs/shop.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAnalyze(t *testing.T) {
	w := newWorld(t)
	got := w.run("analyze", shop(t))
	for _, want := range []string{"SIGTERM to supervisor 6975 took ", "Critical path", "Blame", "Findings", "notify-peers of partition-1", "ffmpeg"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("it does not say %q:\n%s", want, got.stdout)
		}
	}
	var r check.Report
	got = w.run("analyze", "--json", shop(t))
	if err := json.Unmarshal([]byte(got.stdout), &r); err != nil || r.Cause != "SIGTERM" || len(r.Path) == 0 || len(r.Findings) == 0 {
		t.Errorf("%v: %+v", err, r)
	}
	quiet := w.write("quiet.jsonl", `{"multiexit":1,"start":"2026-01-01T00:00:00Z","argv":["x"],"host":"h","observer":"o"}`+"\n"+`{"seq":1,"kind":"spawn","node":"0","pid":7}`+"\n"+`{"seq":2,"kind":"eof"}`+"\n")
	if got := w.run("analyze", quiet); got.status != 0 || !strings.Contains(got.stdout, "nothing was shut down") {
		t.Errorf("%+v", got)
	}
}

// What somebody was held for is told apart, in all that tells of the path; without a
// hold there is no word of it.
func TestAnalyzeHeld(t *testing.T) {
	w := newWorld(t)
	held := w.write("held.jsonl", `{"multiexit":1,"start":"2026-01-01T00:00:00Z","argv":["x"],"host":"h","observer":"o"}
{"seq":1,"kind":"spawn","node":"0","pid":7,"name":"db"}
{"seq":2,"kind":"register","node":"0","id":"h1","handler":"flush"}
{"seq":3,"t":1000000000,"kind":"signal","node":"0","sig":"SIGTERM","sender":"multiexit"}
{"seq":4,"t":1001000000,"kind":"deliver","node":"0","sig":"SIGTERM"}
{"seq":5,"t":1002000000,"kind":"hold","node":"0","id":"h1"}
{"seq":6,"t":4002000000,"kind":"release","node":"0","id":"h1"}
{"seq":7,"t":4003000000,"kind":"begin","node":"0","id":"h1"}
{"seq":8,"t":4503000000,"kind":"end","node":"0","id":"h1"}
{"seq":9,"t":4504000000,"kind":"leave","node":"0","sig":"SIGTERM"}
{"seq":10,"t":4505000000,"kind":"exit","node":"0","sig":"SIGTERM"}
{"seq":11,"t":4506000000,"kind":"eof"}
`)
	for _, c := range []struct {
		args  []string
		wants []string
	}{
		{[]string{"analyze", held}, []string{"SIGTERM to db 7 took 3.51s (somebody was held for 3.00s of it)", "@2.0ms   +3.00s  db 7: held by you before flush\n",
			"    500ms  db 7: flush\n", "    5.0ms  db 7 itself (of 3.51s)\n", "Held by you", "    3.00s  db 7: held by you before flush\n"}},
		{[]string{"analyze", "--json", held}, []string{`"held": 3000000000`, `"holds": [`, `"times": 1`, `"kind": "held"`, `"where": "before flush"`}},
		{[]string{"export", held, "--format", "markdown", "-o", "-"}, []string{"| +2.0ms | 3.00s | db 7 | held by you before flush |"}},
		{[]string{"export", held, "--format", "html", "-o", "-"}, []string{`"held by you before flush"`}},
	} {
		got := w.run(c.args...)
		for _, want := range c.wants {
			if !strings.Contains(got.stdout, want) {
				t.Errorf("%s: no %q in\n%.3000s", c.args, want, got.stdout)
			}
		}
		c.args[slices.Index(c.args, held)] = shop(t)
		if got := w.run(c.args...); strings.Contains(got.stdout, "held by you") || strings.Contains(got.stdout, "holds") {
			t.Errorf("%s: it tells of a hold", c.args)
		}
	}
}

func TestExport(t *testing.T) {
	w := newWorld(t)
	for _, f := range export.Formats() {
		out := "out" + f.Ends[0]
		if got := w.run("export", shop(t), "-o", out); got.status != 0 || got.stdout+got.stderr != "" {
			t.Errorf("%s: %+v", f.Name, got)
		}
		written, err := os.ReadFile(filepath.Join(w.dir, out))
		printed := w.run("export", shop(t), "--format", f.Name, "-o", "-")
		if err != nil || len(written) < 500 || string(written) != printed.stdout {
			t.Errorf("%s: %d bytes written, %d printed: %v", f.Name, len(written), len(printed.stdout), err)
		}
	}
	if film := w.run("export", shop(t), "--format", "cast", "--screen", "--size", "80x24", "-o", "-"); !strings.HasPrefix(film.stdout, `{"version":2,"width":80,"height":24`) || !strings.Contains(film.stdout, "worker-1") {
		t.Errorf("a film: %.200s", film.stdout)
	}
	for _, c := range []struct{ args, want string }{
		{"", "export: where to? (add -o shop.svg, -o - with --format, or --otlp URL)"},
		{"-o x", "-o x: its name tells no format (add --format; there are: "},
		{"-o -", "export -o -: which format? (add --format; there are: "},
		{"-o x --format svgg", "--format svgg: no such format (did you mean svg?)"},
		{"--otlp box:4318", "--otlp box:4318: not an address of a collector (write http://localhost:4318 or grpc://localhost:4317; headers go into OTEL_EXPORTER_OTLP_HEADERS)"},
		{"--otlp http://me:secret@box", "--otlp http://me:xxxxx@box: an address has no place for a password ("},
		{"--otlp http://box?token=secret", "--otlp http://box?xxxxx: an address of a collector has no query ("},
		{"--otlp http://127.0.0.1:1 -o -", "export -o -: which format? ("},
		{"-o x.svg --screen", "--screen: is for a cast ("},
		{"-o x.cast --size 80x24", "--size: is the size of a film ("},
		{"-o x.svg --theme mono", "--theme mono: a file is dark or light ("},
		{"-o x.html --theme light", "--theme: is for svg and --screen ("},
		{"-o none/x.svg", "-o none/x.svg: no such file or directory (name a file in a directory you can write to)"},
	} {
		got := w.run(append([]string{"export", shop(t)}, strings.Fields(c.args)...)...)
		if got.status != 2 || !strings.HasPrefix(got.stderr, "multiexit: "+c.want) || strings.Count(got.stderr, "\n") != 1 {
			t.Errorf("%s: %+v", c.args, got)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(w.dir, ".multiexit-*")); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}

// What authorises us at a collector is in no message, however that fails.
func TestExportKeepsSecrets(t *testing.T) {
	collector := httptest.NewServer(http.NotFoundHandler())
	defer collector.Close()
	for _, header := range []string{"authorization=Bearer%0Asecret", "authorization=secret", "auth orization=secret", "secret", "authorization=secret%zz"} {
		w := newWorld(t, "OTEL_EXPORTER_OTLP_HEADERS="+header)
		for _, url := range []string{collector.URL, strings.Replace(collector.URL, "http", "grpc", 1), "http://me:secret@box", "http://secret@box", "http://me:secret@ box"} {
			if got := w.run("export", shop(t), "--otlp", url); got.status == 0 || strings.Contains(got.stdout+got.stderr, "secret") || !strings.HasPrefix(got.stderr, "multiexit: --otlp ") {
				t.Errorf("%s with %s: %+v", url, header, got)
			}
		}
	}
}

func TestDiff(t *testing.T) {
	w := newWorld(t)
	if got := w.run("diff", shop(t), shop(t)); got.status != 0 || !strings.Contains(got.stdout, "no difference") {
		t.Errorf("%+v", got)
	}
	text, err := os.ReadFile(shop(t))
	if err != nil {
		t.Fatal(err)
	}
	// The same run, but for one handler that failed.
	failed := w.write("failed.jsonl", strings.Replace(string(text), `"err":"dial 10.0.3.7:7946: i/o timeout"`, `"text":""`, 1))
	if got := w.run("diff", shop(t), failed); got.status != 0 || !strings.Contains(got.stdout, "notify-peers") || strings.Contains(got.stdout, "worker-1") {
		t.Errorf("%+v", got)
	}
}

// What a file is, it stays: a link leads to the export, and what is no file gets it.
func TestExportToWhatIsThere(t *testing.T) {
	w := newWorld(t)
	dir := t.TempDir()
	link, pipe := filepath.Join(dir, "link.csv"), filepath.Join(dir, "pipe")
	if err := os.WriteFile(filepath.Join(dir, "real.csv"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Symlink("real.csv", link), syscall.Mkfifo(pipe, 0o600)); err != nil {
		t.Fatal(err)
	}
	read := make(chan string)
	go func() {
		text, _ := os.ReadFile(pipe)
		read <- string(text)
	}()
	for _, to := range []string{link, pipe} {
		if got := w.run("export", shop(t), "--format", "csv", "-o", to); got.status != 0 {
			t.Fatalf("%s: %+v", to, got)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "real.csv"))
	if err != nil || !strings.Contains(string(text), "flush-wal") || <-read != string(text) {
		t.Errorf("%d bytes behind the link, %v", len(text), err)
	}
	if info, err := os.Lstat(pipe); err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
		t.Errorf("the pipe is %v now", info.Mode())
	}
}
