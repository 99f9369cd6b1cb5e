// Package otlp sends a shutdown to a tracing system: as one OpenTelemetry trace,
// over OTLP, by the official SDK.
//
// The trace has a span for the shutdown, in it one for each process, below that
// of its parent, and in that one for each exit handler that had its turn. Their
// times are those of the recording. A process's span is its part in the
// shutdown: from when it, or one below it, was first asked to end, until it was
// gone. So a span lies within that of its parent, with two exceptions: an orphan
// outlives its parent (multiexit.orphan), and a process may tell of the end of a
// handler after it was seen to be gone. The span of the shutdown holds them all.
//
// What has no length is an event of a span: signals, stops, handlers that had no
// turn, findings.
package otlp

import (
	"context"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/go-logr/logr"

	"multiexit/tree"
)

// Options say what is sent, and where.
type Options struct {
	Target  Target
	Header  tree.Header
	Title   string // what was watched, for people
	Version string // of multiexit
	Whole   bool   // all of the session; else from its last shutdown on, if there is one

	// TraceParent and TraceState are the W3C trace context of whoever asked for
	// the shutdown, as TRACEPARENT and TRACESTATE have it; empty: the trace is new.
	TraceParent, TraceState string
}

// Sent is what has arrived.
type Sent struct {
	TraceID string
	Spans   int
}

// Send sends what tr and the events that t heard tell of a shutdown, until ctx is
// over. It returns when all of it has been taken by the other side; its error is
// a *DeliveryError, whose text is one line.
//
// The SDK's own variables are honoured: OTEL_EXPORTER_OTLP_HEADERS, _CERTIFICATE,
// _COMPRESSION, _TIMEOUT, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES and
// OTEL_TRACES_SAMPLER. What the SDK would print by itself it prints no more.
func (t *Trace) Send(ctx context.Context, tr *tree.Tree, o Options) (Sent, error) {
	var complaint error
	otel.SetLogger(logr.Discard())
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { complaint = err }))

	exporter, err := o.Target.exporter(ctx)
	if err == nil && complaint != nil {
		err = complaint // of a variable that it could not read
	}
	if err != nil {
		return Sent{}, o.Target.failed(ctx, err)
	}
	defer exporter.Shutdown(context.WithoutCancel(ctx))

	pile := &pile{ctx: ctx, to: exporter}
	provider := sdk.NewTracerProvider(sdk.WithSpanProcessor(pile), sdk.WithResource(o.resource(ctx)))
	ctx = propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": o.TraceParent, "tracestate": o.TraceState})
	root := newStory(t, tr, &o).tell(ctx, provider.Tracer("multiexit", trace.WithInstrumentationVersion(o.Version)))
	if !root.IsSampled() {
		return Sent{}, o.Target.unsampled(ctx)
	}
	if err := pile.flush(); err != nil {
		return Sent{}, o.Target.failed(pile.ctx, err)
	}
	return Sent{root.TraceID().String(), pile.sent}, nil
}

// pile sends spans that have ended, some at a time. After an error it sends
// nothing more. Unlike the SDK's own it drops nothing, and says what went wrong.
type pile struct {
	ctx   context.Context
	to    sdk.SpanExporter
	spans []sdk.ReadOnlySpan
	sent  int
	err   error
}

// batch spans go in one request: far below what a collector takes, 4 MiB.
const batch = 512

func (p *pile) OnEnd(s sdk.ReadOnlySpan) {
	if p.err != nil || !s.SpanContext().IsSampled() {
		return
	}
	if p.spans = append(p.spans, s); len(p.spans) >= batch {
		p.flush()
	}
}

func (p *pile) flush() error {
	if p.err == nil && len(p.spans) > 0 {
		if p.err = p.to.ExportSpans(p.ctx, p.spans); p.err == nil {
			p.sent += len(p.spans)
		}
		p.spans = p.spans[:0]
	}
	return p.err
}

func (p *pile) OnStart(context.Context, sdk.ReadWriteSpan) {}
func (p *pile) ForceFlush(context.Context) error           { return p.flush() }
func (p *pile) Shutdown(context.Context) error             { return p.flush() }
