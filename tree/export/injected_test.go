package export_test

import (
	"strings"
	"testing"
	"time"

	"multiexit/tree"
	"multiexit/tree/export"
	"multiexit/tree/tape"
)

// sabotaged is a shutdown in which one process fails by itself and another because of
// a fault that was put into it.
func sabotaged() *tape.Tape {
	at := func(ms int) time.Duration { return time.Duration(ms) * time.Millisecond }
	events := []tree.Event{{T: at(1), Kind: "spawn", Node: "0", PID: 7, Name: "main"}}
	for i, node := range []string{"0.0", "0.1"} {
		name := []string{"poor", "broken"}[i]
		events = append(events,
			tree.Event{T: at(2), Kind: "spawn", Node: node, PID: 8 + i, Name: name},
			tree.Event{T: at(3), Kind: "hello", Node: node, Name: name},
			tree.Event{T: at(4), Kind: "register", Node: node, ID: "h1", Handler: "flush"},
			tree.Event{T: at(10), Kind: "signal", Node: node, Sig: "SIGTERM", Sender: "multiexit"},
			tree.Event{T: at(11), Kind: "deliver", Node: node, Sig: "SIGTERM"})
		if name == "broken" {
			events = append(events, tree.Event{T: at(12), Kind: "fault", Node: node, ID: "h1", Handler: "flush", Text: "fail"})
		}
		events = append(events,
			tree.Event{T: at(12), Kind: "begin", Node: node, ID: "h1"},
			tree.Event{T: at(500), Kind: "end", Node: node, ID: "h1", Err: "disk full", Elapsed: at(488)},
			tree.Event{T: at(501), Kind: "leave", Node: node},
			tree.Event{T: at(502), Kind: "exit", Node: node, Sig: "SIGTERM"})
	}
	return &tape.Tape{Events: events}
}

// What was injected is never taken for a failure, in any picture or report.
func TestInjectedIsNoFailure(t *testing.T) {
	o := export.Options{Findings: []export.Finding{
		{Node: "0.0", Handler: "flush", Text: "it failed"}, {Node: "0.1", Handler: "flush", Text: "it was made to", Injected: "fail in flush of broken 9"},
	}, Path: []export.Step{
		{Node: "0.0", At: 12e6, For: 300e6, Text: "flush"}, {Node: "0.1", At: 312e6, For: 100e6, Text: "flush", Injected: "fail"},
		{Node: "0.1", At: 412e6, For: 90e6, Text: "between its handlers", Injected: "pace"},
	}}
	for format, want := range map[string][]string{
		"svg": {">failed</text>", ">injected</text>", `fill="#ffb454">broken</text>`, `fill="#ff6b81">poor</text>`},
		"markdown": {"3: 1 exited, 1 failed, 1 alive", "1 failed, 1 injected", "| broken on purpose | 1 fault ⚑ |", "**flush** ✗", "**flush** ⚑", "(⚑ injected: fail)", "· ending, ⚑ injected",
			"| poor 8 | flush |\n", "| broken 9 | flush (⚑ injected: fail) |\n", "| broken 9 | between its handlers (⚑ injected: pace) |\n", "| flush (⚑ injected: fail) | broken 9 | 488ms |"},
		"gantt":   {"    section poor 8\n    flush :crit, ", "    section broken 9\n    #9873; flush #40;injected#58; fail#41; :2, 490\n"},
		"mermaid": {"Note over p1: ✗ flush 488ms disk full\n", "Note over p2: ⚑ flush 488ms disk full #40;injected#58; fail#41;\n"},
		"html": {`"broken":1`, `"injected":1`, `"good":false,"spoilt":true`, `"text":"it was made to","row":2,"spoilt":true`, `"text":"it failed","row":1}`,
			`"text":"flush","row":1}`, `"text":"flush","injected":"fail","row":2}`, `"injected":"pace"`},
	} {
		text := written(t, format, sabotaged(), o)
		sound(t, "sabotaged", format, text)
		for _, s := range want {
			if !strings.Contains(text, s) {
				t.Errorf("%s: no %q", format, s)
			}
		}
	}
	report := written(t, "markdown", sabotaged(), o)
	wrong, purpose, _ := strings.Cut(report, "## What was broken on purpose")
	if !strings.Contains(wrong, "poor 8") || strings.Contains(wrong, "broken 9") || !strings.Contains(purpose, "broken 9") {
		t.Error(report)
	}
}
