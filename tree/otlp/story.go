package otlp

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"multiexit/tree"
	"multiexit/tree/check"
)

// story is what the spans are made of.
type story struct {
	*Trace
	tree     *tree.Tree
	o        *Options
	since    time.Duration // what was over before it is not told
	from, to time.Duration // of the span of the shutdown
	parts    []*part       // each before those below it
	of       map[*tree.Node]*part
	report   *check.Report
	critical map[[2]string]bool // node and id of the handlers of the critical path; without id, of its processes
	tracer   trace.Tracer
}

// part is what a process has in it.
type part struct {
	*tree.Node
	above    *part // nil: the shutdown itself
	from, to time.Duration
	ctx      context.Context // with its span
}

func newStory(t *Trace, tr *tree.Tree, o *Options) *story {
	s := &story{Trace: t, tree: tr, o: o, of: map[*tree.Node]*part{}, report: check.Analyze(tr), critical: map[[2]string]bool{}}
	for _, step := range s.report.Path {
		s.critical[[2]string{step.Node, ""}], s.critical[[2]string{step.Node, step.ID}] = true, true
	}
	if tr.Shut != nil && !o.Whole {
		s.since = max(tr.Shut.T, 0)
	}
	s.from, s.to = s.since, s.since
	for _, n := range tr.Roots {
		s.plant(n, nil)
	}
	for _, p := range s.parts {
		s.from, s.to = min(s.from, p.from), max(s.to, p.to)
	}
	if tr.Counts.Alive() > 0 {
		s.to = max(s.to, tr.Last)
	}
	return s
}

// plant adds n and what is below it, without those that were gone before, and
// gives the part of n; nil if it has none.
func (s *story) plant(n *tree.Node, above *part) {
	p := above
	if n.State != tree.Unborn && (!n.Ended() || n.Gone >= s.since) {
		p = &part{Node: n, above: above}
		p.from, p.to = s.begin(n), s.tree.Last
		if n.Ended() {
			p.to = n.Gone
		}
		p.from = min(p.from, p.to)
		s.parts, s.of[n] = append(s.parts, p), p
	}
	for _, kid := range n.Kids {
		s.plant(kid, p)
	}
	if p != nil && p != above && above != nil {
		above.from = min(above.from, p.from)
	}
}

// begin is when a process's part begins without those below it.
func (s *story) begin(n *tree.Node) time.Duration {
	begin := max(s.since, n.Born)
	if at, _, asked := n.Asked(); asked && !s.o.Whole {
		begin = max(begin, at)
	}
	for _, h := range n.Ran() {
		if _, to := turn(h, s.tree.Last); to >= s.since {
			begin = min(begin, h.Begin)
		}
	}
	return begin
}

// turn is when a handler ran.
func turn(h *tree.Handler, last time.Duration) (from, to time.Duration) {
	switch n := h.Node; {
	case h.State == tree.Done || h.State == tree.Broken:
		to = h.End
	case n.Ended():
		to = n.Gone
	default:
		to = last
	}
	return h.Begin, max(h.Begin, to)
}

// tell makes all spans and gives that of the shutdown. Those of processes stay
// open until all are begun, for a handler is linked to those it waits for.
func (s *story) tell(ctx context.Context, tracer trace.Tracer) trace.SpanContext {
	s.tracer = tracer
	name := "shutdown"
	if s.report.Shut == nil {
		name = "session"
	}
	ctx, root := tracer.Start(ctx, name, trace.WithTimestamp(s.time(s.from)), trace.WithAttributes(s.shutdown()...))
	if !root.IsRecording() {
		return root.SpanContext()
	}
	for _, p := range s.parts {
		above := ctx
		if p.above != nil {
			above = p.above.ctx
		}
		p.ctx, _ = tracer.Start(above, orElse(called(p.Node), "process"), trace.WithTimestamp(s.time(p.from)), trace.WithAttributes(s.process(p)...))
	}
	for _, f := range s.report.Findings {
		s.finding(root, f)
	}
	for _, p := range s.parts {
		s.handlers(p)
		s.happened(trace.SpanFromContext(p.ctx), p.ID, p.from, p.to)
		end(trace.SpanFromContext(p.ctx), s.time(p.to), wrong(p.Node))
	}
	s.happened(root, "", s.from, s.to)
	end(root, s.time(s.to), s.verdict())
	return root.SpanContext()
}

// handlers makes the spans of those that had their turn; the others are events.
func (s *story) handlers(p *part) {
	for _, h := range p.Handlers() {
		from, to := turn(h, s.tree.Last)
		switch {
		case h.State == tree.Removed || h.Began && to < s.since:
		case h.Began:
			_, span := s.tracer.Start(p.ctx, orElse(text(h.Name), "handler"), trace.WithTimestamp(s.time(from)), trace.WithAttributes(s.handler(h)...), trace.WithLinks(s.links(h)...))
			end(span, s.time(to), broken(h))
		default:
			trace.SpanFromContext(p.ctx).AddEvent("handler had no turn: "+h.State.String(), trace.WithTimestamp(s.time(p.to)), trace.WithAttributes(s.handler(h)...))
		}
	}
}

// links lead to the processes that a handler waits for.
func (s *story) links(h *tree.Handler) (links []trace.Link) {
	for _, n := range h.Waits {
		if p := s.of[n]; p != nil && len(links) < 100 {
			links = append(links, trace.LinkFromContext(p.ctx, key("wait").String("waits for")))
		}
	}
	return links
}

// happened adds the moments of a process that lie in its span.
func (s *story) happened(span trace.Span, node string, from, to time.Duration) {
	for _, m := range s.moments[node] {
		if m.at < from || m.at > to {
			continue
		}
		span.AddEvent(text(m.what), trace.WithTimestamp(s.time(m.at)), trace.WithAttributes(said("signal", m.signal, "sender", m.sender)...))
	}
}

func (s *story) finding(root trace.Span, f check.Finding) {
	if f.Earlier && !s.o.Whole {
		return
	}
	span := root
	if p := s.of[s.tree.Node(f.Node)]; p != nil {
		span = trace.SpanFromContext(p.ctx)
	}
	span.AddEvent("finding: "+f.Rule, trace.WithTimestamp(s.time(f.At)),
		trace.WithAttributes(said("finding.text", f.Text, "finding.advice", f.Advice, "handler.name", f.Handler)...))
}

// time is a moment of the stream by the clock of the wall.
func (s *story) time(at time.Duration) time.Time {
	if s.o.Header.Start.IsZero() {
		return time.Unix(0, 0).Add(at)
	}
	return s.o.Header.Start.Add(at)
}

// end ends a span; why says what went wrong, if anything did.
func end(span trace.Span, at time.Time, why string) {
	if why != "" {
		span.SetStatus(codes.Error, why)
	}
	span.End(trace.WithTimestamp(at))
}

// verdict says what went wrong in the whole; empty if nothing did.
func (s *story) verdict() string {
	failed, alive, broken := 0, 0, 0
	for _, p := range s.parts {
		switch p.State {
		case tree.Failed:
			failed++
		case tree.Stuck:
			alive++
		}
		for _, h := range p.Handlers() {
			if wrongly(h) {
				broken++
			}
		}
	}
	var parts []string
	for _, c := range []struct {
		n    int
		what string
	}{{failed, "processes failed"}, {alive, "would not end"}, {broken, "handlers failed or were lost"}} {
		if c.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	return strings.Join(parts, ", ")
}
