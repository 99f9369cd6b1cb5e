package otlp

import (
	"cmp"
	"context"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/resource"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"multiexit/tree"
)

// The attributes of OpenTelemetry's semantic conventions have their names; those
// of ours begin with multiexit.

func key(name string) attribute.Key { return attribute.Key("multiexit." + name) }

// said are attributes with texts, by name and text in turns, without empty ones.
func said(pairs ...string) (all []attribute.KeyValue) {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			all = append(all, key(pairs[i]).String(text(pairs[i+1])))
		}
	}
	return all
}

// text is a text of a process in valid UTF-8, without control characters, and not
// longer than one wants to send.
func text(s string) string {
	const most = 1000
	s = tree.Clean(strings.ToValidUTF8(s, "\uFFFD"))
	if len(s) <= most {
		return s
	}
	s = s[:most]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s + "…"
}

func orElse(s, other string) string { return cmp.Or(s, other) }

// called is what a process is called, as everywhere.
func called(n *tree.Node) string { return text(n.Title()) }

// resource says who sends: the service is what was watched, on the host on which
// it was. What the environment says of either counts more.
func (o *Options) resource(ctx context.Context) *resource.Resource {
	service := "multiexit"
	if argv := o.Header.Argv; len(argv) > 0 && argv[0] != "" {
		service = path.Base(argv[0])
	}
	attributes := []attribute.KeyValue{semconv.ServiceName(text(service))}
	if o.Header.Host != "" {
		attributes = append(attributes, semconv.HostName(text(o.Header.Host)))
	}
	r, _ := resource.New(ctx, resource.WithTelemetrySDK(), resource.WithAttributes(attributes...), resource.WithFromEnv())
	return r // as far as the environment could be read
}

// shutdown are the attributes of the span of all.
func (s *story) shutdown() []attribute.KeyValue {
	handlers := 0
	for _, p := range s.parts {
		handlers += len(p.Handlers())
	}
	all := append(said("title", s.o.Title, "observer", s.o.Header.Observer, "cause", s.report.Cause, "node", s.report.Node),
		key("processes").Int(len(s.parts)), key("handlers").Int(handlers))
	return append(all, arguments(s.o.Header.Argv)...)
}

// process are the attributes of the span of a process.
func (s *story) process(p *part) []attribute.KeyValue {
	_, by, _ := p.Asked()
	all := append(said("node", p.ID, "state", p.State.String(), "outcome", p.Outcome(), "cause", p.Cause, "asked_by", by, "sigterm", string(p.Term)),
		key("reports").Bool(p.Reports), semconv.ProcessCreationTime(s.time(p.Born).Format(time.RFC3339Nano)))
	if p.PID != 0 {
		all = append(all, semconv.ProcessPID(p.PID))
	}
	if p.Parent != nil && p.Parent.PID != 0 {
		all = append(all, semconv.ProcessParentPID(p.Parent.PID))
	}
	if p.Ended() && p.EndSig == "" && !p.Unseen {
		all = append(all, semconv.ProcessExitCode(p.Code))
	}
	if s.critical[[2]string{p.ID, ""}] {
		all = append(all, key("critical_path").Bool(true))
	}
	if p.Orphan {
		all = append(all, key("orphan").Bool(true))
	}
	if p.State == tree.Failed || p.State == tree.Stuck {
		all = append(all, semconv.ErrorTypeKey.String(cmp.Or(text(p.EndSig), p.Outcome(), p.State.String())))
	}
	return append(all, arguments(p.Argv)...)
}

// arguments are a command, not all of it if it is long.
func arguments(argv []string) []attribute.KeyValue {
	const most = 100
	if len(argv) == 0 {
		return nil
	}
	args := make([]string, 0, min(len(argv), most))
	for _, a := range argv[:min(len(argv), most)] {
		args = append(args, text(a))
	}
	return []attribute.KeyValue{semconv.ProcessExecutableName(path.Base(args[0])), semconv.ProcessCommandArgs(args...)}
}

// handler are the attributes of a handler.
func (s *story) handler(h *tree.Handler) []attribute.KeyValue {
	origin, from := "local", ""
	switch {
	case h.From != nil:
		origin, from = "inherited", h.From.ID
	case h.Shared:
		origin = "shared"
	}
	all := append(said("node", h.Node.ID, "handler.id", h.ID, "handler.name", h.Name, "handler.origin", origin, "handler.from", from,
		"handler.outcome", h.State.String(), "handler.error", h.Err, "fault", h.Fault), key("handler.shared").Bool(origin != "local"))
	if s.critical[[2]string{h.Node.ID, h.ID}] {
		all = append(all, key("critical_path").Bool(true))
	}
	if h.Fault != "" {
		all = append(all, key("fault.injected").Bool(true))
	}
	if h.Timeout > 0 {
		all = append(all, key("handler.timeout").Float64(h.Timeout.Seconds()))
	}
	if file, line, ok := strings.Cut(h.Src, ":"); ok {
		all = append(all, semconv.CodeFilePath(text(file)))
		if n, err := strconv.Atoi(line); err == nil {
			all = append(all, semconv.CodeLineNumber(n))
		}
	}
	if wrongly(h) {
		all = append(all, semconv.ErrorTypeKey.String(h.State.String()))
	}
	return all
}

// wrongly says that a handler did not do what it should.
func wrongly(h *tree.Handler) bool { return h.State == tree.Broken || h.Began && h.State == tree.Lost }

// broken says what went wrong in a handler; empty if nothing did.
func broken(h *tree.Handler) string {
	switch {
	case h.State == tree.Broken:
		return orElse(text(h.Err), "failed")
	case wrongly(h):
		return "lost: " + orElse(text(h.Err), "its process ended while it ran")
	}
	return ""
}

// wrong says what went wrong with a process; empty if nothing did.
func wrong(n *tree.Node) string {
	switch {
	case n.State == tree.Stuck:
		return "it did not end"
	case n.State != tree.Failed:
		return ""
	case n.Remark() != "":
		return n.Outcome() + ", " + n.Remark()
	}
	return n.Outcome()
}
