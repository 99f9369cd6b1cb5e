package spec_test

import (
	"slices"
	"strings"
	"testing"

	"multiexit/tree/spec"
)

func TestProcfilePorts(t *testing.T) {
	for _, c := range []struct {
		name, dotenv string
		env          []string
		want         []string // the environment of the second command
		err          string
	}{
		{name: "neither", want: []string{"PORT=5100"}},
		{name: "environment", env: []string{"PORT=8000"}, want: []string{"PORT=8100"}},
		{name: ".env", dotenv: "PORT=3000\nA=b\n", env: []string{"PORT=8000"}, want: []string{"PORT=3000", "A=b", "PORT=3100"}},
		{name: "no number", env: []string{"PORT=http"}, err: "Procfile: PORT=http: not a port (a number from 1 to 65535, in the environment or in .env)"},
		{name: "too high", env: []string{"PORT=65500"}, err: "Procfile:2:1: worker: its PORT would be 65600 (PORT begins at 65500: lower it)"},
		{name: "broken .env", dotenv: "A\n", err: ".env:1:1: A: no = in it (write KEY=VALUE)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			enter(t)
			put(t, "Procfile", "web: ./web\nworker: ./worker\nclock: ./clock\n")
			if c.dotenv != "" {
				put(t, ".env", c.dotenv)
			}
			f, err := spec.Load("", c.env)
			if got := strings.Join(lines(err), "\n"); got != c.err {
				t.Fatalf("got %q, want %q", got, c.err)
			}
			if err == nil && !slices.Equal(f.Commands[1].Env, c.want) {
				t.Errorf("got %q, want %q", f.Commands[1].Env, c.want)
			}
		})
	}
}
