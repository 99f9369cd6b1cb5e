package otlp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"multiexit/tree"
)

// Target is where a trace goes, and by which protocol. The zero value is none.
type Target struct {
	url  string // with the whole path
	grpc bool
	json bool
}

// FromEnv asks ParseTarget for what the environment names.
const FromEnv = "env"

// ParseTarget understands the address of a collector: http://host:4318,
// https://host/otlp, http://host:4317 or grpc://host:4317. As in
// OTEL_EXPORTER_OTLP_ENDPOINT, /v1/traces is added to an address of HTTP that
// does not end in it. env is that environment, and FromEnv the address it has.
//
// The protocol is the one that OTEL_EXPORTER_OTLP_TRACES_PROTOCOL or
// OTEL_EXPORTER_OTLP_PROTOCOL names, else gRPC for grpc://, grpcs:// and port
// 4317, else HTTP.
func ParseTarget(address string, env func(string) string) (Target, error) {
	whole := false // as it is, without /v1/traces
	if address == FromEnv {
		address = env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
		if whole = address != ""; !whole {
			address = cmp.Or(env("OTEL_EXPORTER_OTLP_ENDPOINT"), "http://localhost:4318")
		}
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || !isPort(u.Port()):
		return Target{}, errors.New("not an address of a collector")
	case u.User != nil:
		return Target{}, errors.New("an address has no place for a password")
	case u.RawQuery != "" || u.Fragment != "":
		return Target{}, errors.New("an address of a collector has no query")
	}
	t := Target{}
	switch u.Scheme {
	case "grpc", "grpcs":
		t.grpc = true
		u.Scheme = "http" + strings.TrimPrefix(u.Scheme, "grpc")
	case "http", "https":
		t.grpc = u.Port() == "4317"
	default:
		return Target{}, fmt.Errorf("%s:// is no protocol of a collector", u.Scheme)
	}
	if err := t.protocol(cmp.Or(env("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"), env("OTEL_EXPORTER_OTLP_PROTOCOL"))); err != nil {
		return Target{}, err
	}
	if !t.grpc && !whole && !strings.HasSuffix(u.Path, "/v1/traces") {
		u.Path = strings.TrimSuffix(u.Path, "/") + "/v1/traces"
	}
	t.url = u.String()
	return t, nil
}

// Redacted is an address, good or not, without what may be a secret in it: the
// password, or a token in its place, and the query.
func Redacted(address string) string {
	const hidden = "xxxxx"
	scheme, rest := "", address
	if i := strings.Index(address, "://"); i >= 0 {
		scheme, rest = address[:i+3], address[i+3:]
	}
	user := ""
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		name, _, named := strings.Cut(rest[:i], ":")
		if user, rest = hidden+"@", rest[i+1:]; named {
			user = name + ":" + user
		}
	}
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		rest = rest[:i+1] + hidden
	}
	return scheme + user + rest
}

func isPort(s string) bool {
	_, err := strconv.ParseUint(cmp.Or(s, "0"), 10, 16)
	return err == nil
}

// protocol is the one that the environment asks for.
func (t *Target) protocol(name string) error {
	switch name {
	case "":
	case "grpc":
		t.grpc = true
	case "http/protobuf":
		t.grpc = false
	case "http/json":
		t.grpc, t.json = false, true
	default:
		return fmt.Errorf("OTEL_EXPORTER_OTLP_PROTOCOL %q is no protocol (grpc, http/protobuf, http/json)", name)
	}
	return nil
}

// String is an address that names the protocol, too.
func (t Target) String() string {
	if rest, http := strings.CutPrefix(t.url, "http"); http && t.grpc {
		return "grpc" + rest
	}
	return t.url
}

// exporter connects. A passing failure is tried again for a moment, not for the
// minute that the SDK would: people wait for it.
func (t Target) exporter(ctx context.Context) (sdk.SpanExporter, error) {
	const first, most, total = 200 * time.Millisecond, time.Second, 3 * time.Second
	if t.grpc {
		return otlptracegrpc.New(ctx, otlptracegrpc.WithEndpointURL(t.url),
			otlptracegrpc.WithRetry(otlptracegrpc.RetryConfig{Enabled: true, InitialInterval: first, MaxInterval: most, MaxElapsedTime: total}))
	}
	o := []otlptracehttp.Option{otlptracehttp.WithEndpointURL(t.url),
		otlptracehttp.WithRetry(otlptracehttp.RetryConfig{Enabled: true, InitialInterval: first, MaxInterval: most, MaxElapsedTime: total})}
	if t.json {
		o = append(o, otlptracehttp.WithEncoding(otlptracehttp.EncodingJSON))
	}
	return otlptrace.New(ctx, otlptracehttp.NewClient(o...))
}

// DeliveryError says that a trace did not arrive, and why.
type DeliveryError struct{ Why, Advice string }

func (e *DeliveryError) Error() string { return e.Why }

// failed says in a line why nothing arrived, without the names of the layers that
// an error has come through.
func (t Target) failed(ctx context.Context, err error) error {
	var ue *url.Error
	bad := &DeliveryError{Why: err.Error()}
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded), strings.Contains(err.Error(), "deadline exceeded"):
		bad.Why, bad.Advice = "no answer in time", "OTEL_EXPORTER_OTLP_TIMEOUT is the limit of a request, in milliseconds"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, net.ErrClosed): // the last: while we were still writing
		bad.Why = "the other side hung up"
	case errors.As(err, &ue):
		bad.Why = ue.Err.Error()
	}
	bad.Why = noise.ReplaceAllString(tree.Clean(strings.ToValidUTF8(bad.Why, "\uFFFD")), " ")
	if strings.Count(bad.Why, `"`)%2 == 1 { // the end of one whose beginning was noise
		bad.Why = strings.Trim(bad.Why, `" `)
	}
	bad.Why = strings.ReplaceAll(strings.Join(strings.Fields(bad.Why), " "), "( ", "(")
	switch {
	case strings.Contains(bad.Why, "refused"):
		bad.Advice = "is a collector listening there?"
	case strings.Contains(bad.Why, "no such host"):
		bad.Advice = "is its name right?"
	case strings.Contains(bad.Why, "HTTP/1"), strings.Contains(bad.Why, "malformed HTTP"), strings.Contains(bad.Why, "hung up"):
		bad.Advice = "4318 is the usual port for HTTP, 4317 that for gRPC"
	}
	return bad
}

// noise is what an error is wrapped in; an answer of HTTP may be a message in
// protobuf, of which the text is good.
var noise = regexp.MustCompile(`traces export:|failed to (?:upload traces|send to [^ ]+):|max retry time elapsed:|retry-able request failure:|exporter export timeout:|` +
	`rpc error: code = \w+ desc =|connection error: desc = "|transport: |Error while dialing: |error reading server preface: |body: *|\x{FFFD}.?`)

// unsampled says why a trace is one that nobody wants.
func (t Target) unsampled(ctx context.Context) error {
	if parent := trace.SpanContextFromContext(ctx); parent.IsValid() && !parent.IsSampled() {
		return &DeliveryError{"not sent: TRACEPARENT says that its trace is not sampled", "its last number is 00"}
	}
	return &DeliveryError{"not sent: OTEL_TRACES_SAMPLER leaves it out", ""}
}
