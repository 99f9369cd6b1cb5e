package collector

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"testing"

	"go.opentelemetry.io/collector/client"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/receiver/receivertest"
)

// receiver is a collector's receiver of OTLP, over HTTP and gRPC.
type receiver struct {
	http, grpc string // host:port

	mu       sync.Mutex
	spans    []span
	requests int
	refuse   bool                // what comes
	headers  map[string][]string // of the last request
}

// span is one that has arrived.
type span struct {
	ptrace.Span
	resource pcommon.Map
}

func (s span) attribute(name string) string {
	if v, ok := s.Attributes().Get(name); ok {
		return v.AsString()
	}
	return ""
}

func (s span) id() pcommon.SpanID { return s.SpanID() }

// start starts a receiver, which ends with the test.
func start(t *testing.T) *receiver {
	t.Helper()
	for range 20 { // a port that was free a moment ago may be taken
		r := &receiver{http: free(t), grpc: free(t)}
		err := r.run(t)
		if err == nil {
			return r
		}
		t.Log(err)
	}
	t.Fatal("no receiver")
	return nil
}

func free(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (r *receiver) run(t *testing.T) error {
	factory := otlpreceiver.NewFactory()
	config := factory.CreateDefaultConfig()
	err := confmap.NewFromStringMap(map[string]any{"protocols": map[string]any{
		"http": map[string]any{"endpoint": r.http, "include_metadata": true},
		"grpc": map[string]any{"endpoint": r.grpc, "include_metadata": true},
	}}).Unmarshal(config)
	if err != nil {
		return err
	}
	sink, err := consumer.NewTraces(r.take)
	if err != nil {
		return err
	}
	real, err := factory.CreateTraces(context.Background(), receivertest.NewNopSettings(factory.Type()), config, sink)
	if err != nil {
		return err
	}
	if err := real.Start(context.Background(), componenttest.NewNopHost()); err != nil {
		return errors.Join(err, real.Shutdown(context.Background()))
	}
	t.Cleanup(func() {
		if err := real.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return nil
}

func (r *receiver) take(ctx context.Context, traces ptrace.Traces) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests++
	r.headers = map[string][]string{}
	about := client.FromContext(ctx).Metadata
	for name := range about.Keys() {
		r.headers[name] = about.Get(name)
	}
	if r.refuse {
		return consumererror.NewPermanent(fmt.Errorf("this tenant\nhas no room"))
	}
	kept := ptrace.NewTraces()
	traces.CopyTo(kept) // they are the receiver's
	for _, of := range kept.ResourceSpans().All() {
		for _, scope := range of.ScopeSpans().All() {
			for _, s := range scope.Spans().All() {
				r.spans = append(r.spans, span{s, of.Resource().Attributes()})
			}
		}
	}
	return nil
}

// all are the spans that have arrived.
func (r *receiver) all() []span {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]span(nil), r.spans...)
}
