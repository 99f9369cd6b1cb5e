package main

import (
	"errors"
	"testing"
)

func TestParseHold(t *testing.T) {
	for arg, want := range map[string]string{
		"*":            `* {"do":"hold"}`,
		"db":           `db {"do":"hold"}`,
		"db/fl*":       `db {"do":"hold","handler":"fl*"}`,
		"a/b/c":        `a/b {"do":"hold","handler":"c"}`,
		"db@TERM":      `db {"do":"hold","on":"signal","sig":"SIGTERM"}`,
		"a/db@t*":      `a/db {"do":"hold","on":"signal","sig":"T*"}`,
		"pid:7@any":    `pid:7 {"do":"hold","on":"signal"}`,
		"*@exit":       `* {"do":"hold","on":"exit"}`,
		"db@BREAKFAST": "not a signal",
		"db@":          "not a signal",
		"db@KILL":      "nothing stands between a process and SIGKILL or SIGSTOP",
		"@exit":        "no process",
		"/x":           "no process",
		"x/":           "no handler",
		"":             "no process",
		"pid:x":        "not a pid",
	} {
		h, err := parseHold(arg)
		got := h.pattern + " " + h.order.line()
		var bad *badValue
		if errors.As(err, &bad) {
			got = bad.why
		}
		if got != want {
			t.Errorf("%q: %s, want %s", arg, got, want)
		}
	}
}

func TestParseFault(t *testing.T) {
	for arg, want := range map[string]string{
		"a/h=hang":       `a {"do":"fault","handler":"h","fault":"hang"}`,
		"a/b/h=kill:1s":  `a/b {"do":"fault","handler":"h","fault":"kill","ns":1000000000}`,
		"a=kill":         `a {"do":"fault","handler":"*","fault":"kill"}`,
		"a/h=stop":       `a {"do":"fault","handler":"h","fault":"stop"}`,
		"a=stop":         `a {"do":"fault","fault":"stop"}`,
		"a/b=ignore":     `a/b {"do":"fault","fault":"ignore"}`,
		"a=ignore:int":   `a {"do":"fault","sig":"SIGINT","fault":"ignore"}`,
		"a=none":         `a {"do":"fault","fault":"none"} {"do":"fault","handler":"*","fault":"none"}`,
		"a/h=none":       `a {"do":"fault","handler":"h","fault":"none"}`,
		"a=hang":         "no handler",
		"a=ignore:KILL":  "nothing stands between a process and SIGKILL or SIGSTOP",
		"a/h=kill:later": "not a duration",
		"a/h=stop:now":   "stop has nothing behind it",
		"a/h=ignroe":     "no such fault",
		"=stop":          "no process",
		"/h=fail":        "no process",
		"a/=fail":        "no handler",
		"a":              "no fault",
	} {
		f, err := parseFault(arg)
		got := f.pattern
		for _, o := range f.orders() {
			got += " " + o.line()
		}
		var bad *badValue
		if errors.As(err, &bad) {
			got = bad.why
		}
		if got != want {
			t.Errorf("%q: %s, want %s", arg, got, want)
		}
	}
}
