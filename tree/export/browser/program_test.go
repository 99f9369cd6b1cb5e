package browser

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// program is multiexit, built for these tests.
var program string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "multiexit-browser-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "multiexit")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = "../../.."
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		return 1
	}
	defer func() { closeBrowser() }()
	return m.Run()
}

// exported writes a recording in the format that the end of the name says.
func exported(t testing.TB, recording, name string, flags ...string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	out, err := exec.Command(program, append([]string{"export", recording, "-o", path}, flags...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("export: %v\n%s", err, out)
	}
	return path
}

func shop(t testing.TB) string {
	t.Helper()
	path, err := filepath.Abs("../../../docs/shop.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// event is an event of a recording.
type event map[string]any

// recording writes one.
type recording struct {
	t    testing.TB
	file *os.File
	w    *bufio.Writer
	seq  int
}

func newRecording(t testing.TB, argv ...string) *recording {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "recording.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	r := &recording{t: t, file: f, w: bufio.NewWriter(f)}
	r.line(event{"multiexit": 1, "start": "2026-01-01T00:00:00Z", "argv": argv, "host": argv[0], "observer": argv[0]})
	return r
}

func (r *recording) line(e event) {
	text, err := json.Marshal(e)
	if err != nil {
		r.t.Fatal(err)
	}
	r.w.Write(append(text, '\n'))
}

func (r *recording) add(at int, kind, node string, e event) {
	r.seq++
	e["seq"], e["t"], e["kind"], e["node"] = r.seq, at*1e6, kind, node
	r.line(e)
}

// done is the path of the recording, complete.
func (r *recording) done() string {
	r.add(0, "eof", "", event{})
	if err := r.w.Flush(); err != nil {
		r.t.Fatal(err)
	}
	r.file.Close()
	return r.file.Name()
}

// evil are names that would be markup, script or syntax if they were not escaped.
var evil = []string{
	`</script><script>window.pwned=1</script>`, `<img src=x onerror="window.pwned=1">`, `"><svg onload=window.pwned=1>`, `]]><!--`, `&lt;b&gt;&amp;`,
	"end", "participant x", "a: b; c # d %% e", "```\n# head", "| a | b |", `\`, `[x](javascript:window.pwned=1)`, "{{js}}{{data}}",
	"\x1b[2J\x1b]0;x\x07", "a\u202eb\u2028c", "<br/>", "__proto__", "constructor", "toString", "click x", "section x", "title x", "note over p1: x",
	"%%{init: {'securityLevel':'loose'}}%%", "loop x", "x->>y: z", "שלום עולם", "日本語 🙂", "e\u0301\u0301\u0301\u0301\u0301", "  ", "-", "#quot;", "$$x^2$$", "fa:fa-car",
}

// hostile is a recording in which everything has such a name.
func hostile(t testing.TB) string {
	t.Helper()
	r := newRecording(t, evil...)
	at := 0
	for i, name := range evil {
		node := "0"
		if i > 0 {
			node = fmt.Sprintf("0.%d", i)
		}
		add := func(kind string, e event) { at++; r.add(at, kind, node, e) }
		add("spawn", event{"pid": i + 1, "name": name, "argv": evil})
		add("register", event{"id": "h" + name, "handler": name, "src": name})
		add("register", event{"id": "n" + name, "handler": name, "src": name})
		add("signal", event{"sig": "SIGTERM", "sender": name})
		add("deliver", event{"text": name, "err": name})
		add("fault", event{"id": "h" + name, "text": name})
		add("begin", event{"id": "h" + name})
		add("wait", event{"id": "h" + name, "text": "0"})
		add("out", event{"text": name, "stream": "stdout"})
		at += 20
		add("end", event{"id": "h" + name, "err": name, "elapsed": 20_000_000})
		add("rung", event{"text": name, "sig": name})
		add("exit", event{"sig": name})
	}
	return r.done()
}

// many is a recording of n processes in three generations.
func many(t testing.TB, n int) string {
	t.Helper()
	r := newRecording(t, "many")
	nodes := []string{"0"}
	r.add(0, "spawn", "0", event{"pid": 1, "name": "main"})
	for i := range n - 1 {
		node := fmt.Sprintf("0.%d", i/100)
		if i%100 != 0 {
			node += fmt.Sprintf(".%d", i%100)
		}
		nodes = append(nodes, node)
		r.add(i/100, "spawn", node, event{"pid": i + 2, "name": fmt.Sprintf("worker-%d", i+1)})
		for h := range 3 {
			r.add(i/100, "register", node, event{"id": fmt.Sprintf("h%d", h), "handler": fmt.Sprintf("close-%d", h), "src": "a.go:1"})
		}
	}
	for i, node := range nodes {
		at := 1000 + i/10
		r.add(at, "signal", node, event{"sig": "SIGTERM", "sender": "multiexit"})
		for h := range 3 {
			r.add(at+h*10, "begin", node, event{"id": fmt.Sprintf("h%d", h)})
			r.add(at+h*10+9, "end", node, event{"id": fmt.Sprintf("h%d", h), "elapsed": 9_000_000})
		}
		r.add(at+40, "exit", node, event{"code": i % 50 / 49})
	}
	return r.done()
}
