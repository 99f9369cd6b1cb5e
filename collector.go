package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"multiexit/tree"
	"multiexit/tree/otlp"
	"multiexit/tree/tape"
)

// collector is a flag that is the address of an OpenTelemetry collector.
type collector struct {
	word   string
	target otlp.Target
}

func (c *collector) String() string { return c.word }
func (c *collector) Type() string   { return "URL" }

func (c *collector) Set(s string) (err error) {
	c.word = s
	if c.target, err = otlp.ParseTarget(s, os.Getenv); err != nil {
		return &badValue{err.Error(), "write http://localhost:4318 or grpc://localhost:4317; headers go into OTEL_EXPORTER_OTLP_HEADERS"}
	}
	return nil
}

// redacted is a value of the flag as it may be said.
func (c *collector) redacted(s string) string { return otlp.Redacted(s) }

// How long a collector may take: at the end of a session people wait for their
// prompt; of export it is the whole purpose.
const (
	liveDelivery = 10 * time.Second
	tapeDelivery = time.Minute
)

// send sends a trace, and says where to find it.
func (c *collector) send(limit time.Duration, t *otlp.Trace, tr *tree.Tree, o otlp.Options) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	o.Target, o.Version = c.target, version()
	o.TraceParent, o.TraceState = os.Getenv("TRACEPARENT"), os.Getenv("TRACESTATE")
	sent, err := t.Send(ctx, tr, o)
	if err != nil {
		f := &failure{status: statusFailed, what: "--otlp " + c.target.String(), why: err.Error()}
		if bad := (*otlp.DeliveryError)(nil); errors.As(err, &bad) {
			f.advice = bad.Advice
		}
		return f
	}
	fmt.Fprintf(os.Stderr, "multiexit: trace %s sent, %s\n", sent.TraceID, count(sent.Spans, "span", "spans"))
	return nil
}

// sendTape sends what a recording tells.
func sendTape(t *tape.Tape, c collector, whole bool) error {
	trace, tr := new(otlp.Trace), new(tree.Tree)
	for _, e := range t.All() {
		tr.Apply(e)
		trace.Hear(e)
	}
	return c.send(tapeDelivery, trace, tr, otlp.Options{Header: t.Header, Title: shows(t).Title, Whole: whole})
}

// delivery is the trace of a session that is to be sent when it is over. A nil
// one does nothing.
type delivery struct {
	collector
	trace  otlp.Trace
	header tree.Header
}

func newDelivery(c collector, h tree.Header) *delivery {
	if c == (collector{}) {
		return nil
	}
	return &delivery{collector: c, header: h}
}

func (d *delivery) hear(e *tree.Event) {
	if d != nil {
		d.trace.Hear(e)
	}
}

// deliver sends it. That it did not arrive is said and changes nothing else.
func (d *delivery) deliver(tr *tree.Tree, title string) {
	if d == nil {
		return
	}
	if err := d.send(liveDelivery, &d.trace, tr, otlp.Options{Header: d.header, Title: title}); err != nil {
		report(err)
	}
}
