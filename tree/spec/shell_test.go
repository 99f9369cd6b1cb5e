package spec_test

import (
	"slices"
	"testing"

	"multiexit/tree/spec"
)

// A line is run as it is, but for "exec" before one that is a single program.
func TestCommandLines(t *testing.T) {
	for line, exec := range map[string]bool{
		"./server":                        true,
		"bundle exec puma -C config.rb":   true,
		"node -e \"a(); b()\"":            true,
		"/usr/bin/env FOO=1 ./server":     true,
		"server -p ${PORT:-3000} $FLAGS":  true,
		"server > log 2>&1 < /dev/null":   true,
		"server 'it''s; fine' a\\;b":      true,
		"python3 -m http.server":          true,
		"g++ x.cc":                        true,
		"~/bin/server":                    true,
		"server # a comment":              true,
		"npm run dev":                     true,
		"a; b":                            false,
		"a && b":                          false,
		"a | b":                           false,
		"a &":                             false,
		"a &> log":                        false,
		"(a)":                             false,
		"{ a; }":                          false,
		"a `b`":                           false,
		"a \"$(b)\"":                      false,
		"FOO=1 ./server":                  false,
		"FOO=/bin/x server":               false,
		"cd here":                         false,
		"exec ./server":                   false,
		". ./env.sh":                      false,
		"if true":                         false,
		"time ./server":                   false,
		"! ./server":                      false,
		"$SERVER":                         false,
		"${SERVER:-a/b} x":                false,
		"# nothing":                       false,
		"> file":                          false,
		"cat << EOF":                      false,
		"server 'not closed":              false,
		"server \"a `b`\"":                false,
		"while :; do sleep 1; done":       false,
		"[ -f x ] && ./server || ./other": false,
	} {
		enter(t)
		put(t, "Procfile", "web: "+line+"\n")
		f, err := spec.Load("Procfile", nil)
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		want := line
		if exec {
			want = "exec " + line
		}
		if got := f.Commands[0].Argv; !slices.Equal(got, sh(want)) {
			t.Errorf("%s: runs %q, want %q", line, got[2], want)
		}
	}
}
