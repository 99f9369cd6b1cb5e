package spec_test

import (
	"strings"
	"testing"

	"multiexit/tree/spec"
)

func TestEnvFiles(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"values", "A=1\nB = two words \nC='$A'\nD=\"$A\\n\"\nE=#no\nF=x # comment\n", "A=1|B=two words|C=$A|D=1\n|E=#no|F=x"},
		{"from the environment", "PATH=/x:$PATH\nQ=\"${QUOTED}\"\n", `PATH=/x:/bin|Q=a"b$c\d`},
		{"CRLF", "A=1\r\nB=\"2\"\r\n", "A=1|B=2"},
		{"one twice", "A=1\nA=2\n", "A=2|A=2"},
		{"two lines", "A=\"1\n2\"\nB=3\n", "A=1\n2|B=3"},
		{"no equals sign", "A=1\nB\n", "x.env:2:1: B: no = in it (write KEY=VALUE)"},
		{"no name", "=1\n", "x.env:1:1: =1: not the name of a variable (letters, digits, _ and . make one)"},
		{"a bad name", "A=1\n\nMY VAR=1\n", "x.env:3:1: MY VAR=1: not the name of a variable (letters, digits, _ and . make one)"},
		{"quote", "A=1\nB='x\nC=2\n", "x.env:2:1: B='x: a quote that is not closed (a value goes on until its quote comes again)"},
		{"zero byte", "A=1\nB=\x00\n", "x.env:2:3: a zero byte: this is no text file (is it the right file?)"},
		{"two errors", "A\nB=1\nC\n", "x.env:1:1: A: no = in it (write KEY=VALUE)|x.env:3:1: C: no = in it (write KEY=VALUE)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			enter(t)
			put(t, "multiexit.yaml", "commands: {web: {command: ./web, env_files: [x.env]}}\n")
			put(t, "x.env", c.src)
			f, err := spec.Load("", []string{"PATH=/bin", `QUOTED=a"b$c\d`})
			got := lines(err)
			if err == nil {
				got = f.Commands[0].Env
			}
			if got := strings.Join(got, "|"); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}
