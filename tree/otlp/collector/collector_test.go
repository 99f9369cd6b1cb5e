package collector

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

const shop = "../../../docs/shop.jsonl"

var sent = regexp.MustCompile(`^multiexit: trace ([0-9a-f]{32}) sent, (\d+) spans\n$`)

// A recording arrives over each protocol, however it is asked for.
func TestArrives(t *testing.T) {
	for _, c := range []struct {
		name string
		to   func(*receiver) (url string, env []string)
	}{
		{"http", func(r *receiver) (string, []string) { return "http://" + r.http, nil }},
		{"http with a path", func(r *receiver) (string, []string) { return "http://" + r.http + "/v1/traces", nil }},
		{"http as JSON", func(r *receiver) (string, []string) {
			return "http://" + r.http, []string{"OTEL_EXPORTER_OTLP_PROTOCOL=http/json"}
		}},
		{"grpc", func(r *receiver) (string, []string) { return "grpc://" + r.grpc, nil }},
		{"grpc by the protocol", func(r *receiver) (string, []string) {
			return "http://" + r.grpc, []string{"OTEL_EXPORTER_OTLP_PROTOCOL=grpc"}
		}},
		{"the environment", func(r *receiver) (string, []string) {
			return "env", []string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://" + r.http, "OTEL_EXPORTER_OTLP_COMPRESSION=gzip"}
		}},
		{"the environment for traces", func(r *receiver) (string, []string) {
			return "env", []string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://" + r.grpc, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=grpc", "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1"}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := start(t)
			url, env := c.to(r)
			got := multiexit(t, append(env, "OTEL_EXPORTER_OTLP_HEADERS=api-key=secret"), "export", shop, "--otlp", url)
			said := sent.FindStringSubmatch(got.stderr)
			if got.status != 0 || got.stdout != "" || said == nil {
				t.Fatalf("%+v", got)
			}
			all := r.all()
			if fmt.Sprint(len(all)) != said[2] || len(all) < 100 {
				t.Errorf("%d spans arrived: %s", len(all), got.stderr)
			}
			if all[0].TraceID().String() != said[1] {
				t.Errorf("trace %s: %s", all[0].TraceID(), got.stderr)
			}
			if !slices.Equal(r.headers["api-key"], []string{"secret"}) {
				t.Errorf("headers %v", r.headers)
			}
			nests(t, all)
			tells(t, all)
		})
	}
}

// nests checks that the spans are one tree: their ids are unique, each has its
// parent among them but one, and lies in it. An orphan outlives its parent.
func nests(t *testing.T, all []span) {
	t.Helper()
	of := map[pcommon.SpanID]span{}
	for _, s := range all {
		if _, twice := of[s.id()]; twice || s.id().IsEmpty() {
			t.Errorf("id %s of %s is empty or not its own", s.id(), s.Name())
		}
		of[s.id()] = s
		if s.TraceID() != all[0].TraceID() {
			t.Errorf("%s is of another trace", s.Name())
		}
	}
	roots := 0
	for _, s := range all {
		in, ok := of[s.ParentSpanID()]
		switch {
		case s.EndTimestamp() < s.StartTimestamp():
			t.Errorf("%s ends before it begins", s.Name())
		case !ok:
			roots++
		case s.StartTimestamp() < in.StartTimestamp():
			t.Errorf("%s begins before %s, which it is in", s.Name(), in.Name())
		case s.EndTimestamp() > in.EndTimestamp() && s.attribute("multiexit.orphan") != "true":
			t.Errorf("%s ends after %s, which it is in", s.Name(), in.Name())
		}
	}
	if roots != 1 {
		t.Errorf("%d roots", roots)
	}
}

// tells checks what the spans of the shop say.
func tells(t *testing.T, all []span) {
	t.Helper()
	named := map[string]span{}
	for _, s := range all {
		if s.Kind() != ptrace.SpanKindInternal {
			t.Errorf("%s is of kind %s", s.Name(), s.Kind())
		}
		name := s.Name()
		if handler := s.attribute("multiexit.handler.name"); handler != "" {
			name += " of " + s.attribute("multiexit.node")
		}
		named[name] = s
	}
	root := named["shutdown"]
	// The header's start, and the t of the signal.
	if want := time.Date(2026, 11, 23, 0, 59, 37, 420582041+467586787, time.UTC); !root.StartTimestamp().AsTime().Equal(want) {
		t.Errorf("it began at %s, not %s", root.StartTimestamp().AsTime(), want)
	}
	if root.Status().Code() != ptrace.StatusCodeError || root.attribute("multiexit.cause") != "SIGTERM" {
		t.Errorf("the shutdown: %v %v", root.Status(), root.Attributes().AsRaw())
	}
	for name, want := range map[string]string{"service.name": "multiexit", "host.name": "box", "telemetry.sdk.language": "go"} {
		if v, _ := root.resource.Get(name); v.AsString() != want {
			t.Errorf("%s is %q", name, v.AsString())
		}
	}
	worker := named["worker-1"]
	if worker.attribute("process.pid") != "7031" || worker.attribute("process.executable.name") != "worker-1" ||
		!strings.Contains(worker.attribute("process.command_args"), "demo-worker") || worker.attribute("process.parent_pid") != "6985" {
		t.Errorf("worker-1: %v", worker.Attributes().AsRaw())
	}
	failed := named["notify-peers of 0.1.1"]
	if failed.Status().Code() != ptrace.StatusCodeError || !strings.Contains(failed.Status().Message(), "i/o timeout") ||
		failed.attribute("error.type") != "failed" || failed.attribute("multiexit.handler.outcome") != "failed" {
		t.Errorf("notify-peers: %v %v", failed.Status(), failed.Attributes().AsRaw())
	}
	shared := named["flush-metrics of 0.0.0"]
	if shared.attribute("multiexit.handler.from") != "0" || shared.attribute("multiexit.handler.shared") != "true" || shared.attribute("code.file.path") != "shop.go" {
		t.Errorf("flush-metrics: %v", shared.Attributes().AsRaw())
	}
	if named["flush-wal of 0.0.3"].attribute("multiexit.critical_path") != "true" || named["flush-wal of 0.0.0"].attribute("multiexit.critical_path") != "" {
		t.Error("the critical path does not lead through flush-wal of worker-4 alone")
	}
	waits := named["wait-children of 0"]
	if waits.Links().Len() == 0 {
		t.Error("wait-children has no links")
	}
	findings := 0
	for _, s := range all {
		for _, e := range s.Events().All() {
			if strings.HasPrefix(e.Name(), "finding: ") {
				findings++
			}
		}
	}
	if findings == 0 {
		t.Error("no findings")
	}
}

// The trace of whoever asked for the shutdown goes on.
func TestParent(t *testing.T) {
	const trace, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	r := start(t)
	env := []string{"TRACEPARENT=00-" + trace + "-" + parent + "-01", "TRACESTATE=rojo=1", "OTEL_SERVICE_NAME=shop", "OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=test"}
	if got := multiexit(t, env, "export", shop, "--otlp", "http://"+r.http); got.status != 0 || !strings.Contains(got.stderr, trace) {
		t.Fatalf("%+v", got)
	}
	all := r.all()
	nests(t, all)
	i := slices.IndexFunc(all, func(s span) bool { return s.Name() == "shutdown" })
	root := all[i]
	if root.TraceID().String() != trace || root.ParentSpanID().String() != parent || root.TraceState().AsRaw() != "rojo=1" {
		t.Errorf("%s in %s, %s", root.TraceID(), root.ParentSpanID(), root.TraceState().AsRaw())
	}
	service, _ := root.resource.Get("service.name")
	if place, _ := root.resource.Get("deployment.environment.name"); service.AsString() != "shop" || place.AsString() != "test" {
		t.Errorf("resource %v", root.resource.AsRaw())
	}

	env[0] = "TRACEPARENT=00-" + trace + "-" + parent + "-00"
	got := multiexit(t, env, "export", shop, "--otlp", "http://"+r.http)
	if got.status != 125 || !strings.Contains(got.stderr, "not sampled") || len(r.all()) != len(all) {
		t.Errorf("of a trace that is not sampled: %+v", got)
	}
}

// A session sends its shutdown when it is over, with what was broken on purpose.
func TestLive(t *testing.T) {
	for _, protocol := range []string{"http", "grpc"} {
		r := start(t)
		url := map[string]string{"http": "http://" + r.http, "grpc": "grpc://" + r.grpc}[protocol]
		got := multiexit(t, nil, "demo", "readme", "--plain", "--no-control", "--send", "main=TERM", "--fault", "SubProcess1/subproc1_clean=fail", "--otlp", url)
		if got.status != 0 || !strings.Contains(got.stderr, " sent, ") {
			t.Fatalf("%+v", got)
		}
		all := r.all()
		nests(t, all)
		i := slices.IndexFunc(all, func(s span) bool { return s.Name() == "subproc1_clean" })
		if i < 0 {
			t.Fatalf("%d spans, and not that of the handler", len(all))
		}
		if h := all[i]; h.attribute("multiexit.fault") != "fail" || h.attribute("multiexit.fault.injected") != "true" || h.Status().Code() != ptrace.StatusCodeError {
			t.Errorf("the handler that was broken: %v %v", h.Status(), h.Attributes().AsRaw())
		}
	}
}

// A trace that does not arrive is one line, and changes the status of no session.
func TestDoesNotArrive(t *testing.T) {
	r := start(t)
	r.refuse = true
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	nobody := free(t)
	for _, c := range []struct{ name, url, want string }{
		{"nobody there, http", "http://" + nobody, "connection refused (is a collector listening there?)"},
		{"nobody there, grpc", "grpc://" + nobody, "connection refused"},
		{"refused, http", "http://" + r.http, "this tenant has no room"},
		{"refused, grpc", "grpc://" + r.grpc, "this tenant has no room"},
		{"no answer, http", "http://" + silent.Addr().String(), "no answer in time"},
		{"no answer, grpc", "grpc://" + silent.Addr().String(), "no answer in time"},
		{"no gRPC", "grpc://" + r.http, "(4318 is the usual port for HTTP, 4317 that for gRPC)"},
		{"no HTTP", "http://" + r.grpc, "(4318 is the usual port for HTTP, 4317 that for gRPC)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			env := []string{"OTEL_EXPORTER_OTLP_TIMEOUT=500"}
			got := multiexit(t, env, "export", shop, "--otlp", c.url)
			if got.status != 125 || strings.Count(got.stderr, "\n") != 1 || !strings.HasPrefix(got.stderr, "multiexit: --otlp "+c.url) || !strings.Contains(got.stderr, c.want) {
				t.Errorf("export: %+v", got)
			}
			t.Log(got.stderr)
			got = multiexit(t, env, "run", "--plain", "--no-control", "--otlp", c.url, "--", "sh", "-c", "exit 7")
			if got.status != 7 || !strings.Contains(got.stderr, "multiexit: --otlp "+c.url) {
				t.Errorf("run: %+v", got)
			}
		})
	}
}

// Ten thousand processes arrive, in pieces that a collector takes.
func TestMany(t *testing.T) {
	const many = 10_000
	path := filepath.Join(t.TempDir(), "many.jsonl")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	long := strings.Repeat("x", 30_000)
	fmt.Fprintln(w, `{"multiexit":1,"start":"2026-01-01T00:00:00Z","argv":["many"],"host":"box","observer":"test"}`)
	seq := 0
	add := func(format string, args ...any) {
		seq++
		fmt.Fprintf(w, `{"seq":%d,`+format+"}\n", append([]any{seq}, args...)...)
	}
	add(`"t":0,"kind":"spawn","node":"0","pid":1,"name":"main"`)
	for i := range many - 1 {
		add(`"t":%d,"kind":"spawn","node":"0.%d","pid":%d,"name":"child","argv":["child","%s"]`, i, i, i+2, long)
		add(`"t":%d,"kind":"register","node":"0.%d","id":"h1","handler":"flush"`, i, i)
	}
	add(`"t":1000000,"kind":"signal","node":"0","sig":"SIGTERM"`)
	for i := range many - 1 {
		add(`"t":%d,"kind":"begin","node":"0.%d","id":"h1"`, 2000000+i, i)
		add(`"t":%d,"kind":"end","node":"0.%d","id":"h1","elapsed":1000`, 2001000+i, i)
		add(`"t":%d,"kind":"exit","node":"0.%d","code":0`, 3000000+i, i)
	}
	add(`"t":9000000,"kind":"exit","node":"0","sig":"SIGTERM"`)
	add(`"t":9000001,"kind":"eof"`)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	f.Close()
	for _, protocol := range []string{"http", "grpc"} {
		r := start(t)
		url := map[string]string{"http": "http://" + r.http, "grpc": "grpc://" + r.grpc}[protocol]
		if got := multiexit(t, nil, "export", path, "--otlp", url); got.status != 0 {
			t.Fatalf("%s: %+v", protocol, got)
		}
		all := r.all()
		if len(all) != 1+many+many-1 {
			t.Errorf("%s: %d spans", protocol, len(all))
		}
		nests(t, all)
	}
}
