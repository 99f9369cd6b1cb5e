//go:build unix

package exitreg_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
)

// manifold has enough handlers to fill any socket's buffer, with all outcomes
// among them. It says how long it took, from the first registration to the last
// handler.
var manifold = role("manifold", func() {
	began := time.Now()
	exitreg.Register("took", func(context.Context) error {
		fmt.Println("took", int64(time.Since(began)))
		return nil
	})
	install()
	exitreg.Share(s3)
	for i := range 1500 {
		switch i % 500 {
		case 100:
			fail(fmt.Sprint("error", i))
		case 200:
			panics(fmt.Sprint("panic", i), "x")
		case 300:
			register(fmt.Sprint("h", i))
		default:
			exitreg.Register("quiet", func(context.Context) error { return nil })
		}
	}
	exitreg.Exit(5)
})

// stranger is an observer that connects and then is stopped by the test.
var stranger = role("stranger", func() {
	l, err := net.Listen("unix", os.Getenv("EXITREG_TEST_LISTEN"))
	if err != nil {
		panic(err)
	}
	put("ready")
	for {
		if c, err := l.Accept(); err == nil {
			go io.Copy(io.Discard, c)
		}
	}
})

// hostile are observers that do what an observer should not. Each returns the
// path of its socket.
var hostile = map[string]func(t *testing.T) string{
	"missing":   socketPath,
	"no socket": func(t *testing.T) string { return os.DevNull },
	"no path":   func(t *testing.T) string { return string(bytes.Repeat([]byte("x"), 500)) },
	"refuses": func(t *testing.T) string {
		path := socketPath(t)
		l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
		if err != nil {
			t.Fatal(err)
		}
		l.SetUnlinkOnClose(false)
		l.Close()
		return path
	},
	"full backlog":   fullBacklog,
	"never accepts":  func(t *testing.T) string { return serving(t, nil) },
	"never reads":    func(t *testing.T) string { return serving(t, func(net.Conn) { select {} }) },
	"closes at once": func(t *testing.T) string { return serving(t, func(c net.Conn) { c.Close() }) },
	"closes midway": func(t *testing.T) string {
		return serving(t, func(c net.Conn) { io.CopyN(io.Discard, c, 5000); c.Close() })
	},
	"garbage": func(t *testing.T) string {
		return serving(t, func(c net.Conn) {
			go io.Copy(io.Discard, c)
			fmt.Fprintf(c, "\x1b[2J\x00\xff garbage\n")
		})
	},
	"a line without end": func(t *testing.T) string {
		return serving(t, func(c net.Conn) {
			go io.Copy(io.Discard, c)
			for {
				if _, err := c.Write(bytes.Repeat([]byte("x"), 4096)); err != nil {
					return
				}
			}
		})
	},
	"never stops talking": func(t *testing.T) string {
		return serving(t, func(c net.Conn) {
			go io.Copy(io.Discard, c)
			for {
				if _, err := io.WriteString(c, `{"do":"fault","ns":1}`+"\n"); err != nil {
					return
				}
			}
		})
	},
	"stopped": func(t *testing.T) string {
		path := socketPath(t)
		p := start(t, stranger, "EXITREG_TEST_LISTEN="+path)
		p.await("ready")
		p.kill(syscall.SIGSTOP)
		t.Cleanup(func() { p.kill(syscall.SIGKILL); p.end() })
		return path
	},
	"dies": func(t *testing.T) string {
		path := socketPath(t)
		p := start(t, stranger, "EXITREG_TEST_LISTEN="+path)
		p.await("ready")
		time.AfterFunc(5*time.Millisecond, func() { p.kill(syscall.SIGKILL) })
		t.Cleanup(func() { p.end() })
		return path
	},
}

// serving listens and does with each connection what it is told; nil accepts none.
func serving(t *testing.T, do func(net.Conn)) string {
	path := socketPath(t)
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for do != nil {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { c.Close() })
			go do(c)
		}
	}()
	return path
}

// fullBacklog has no place for one more connection.
func fullBacklog(t *testing.T) string {
	path := socketPath(t)
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrUnix{Name: path}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if c, err := net.DialTimeout("unix", path, 10*time.Millisecond); err == nil {
			t.Cleanup(func() { c.Close() })
		}
	}
	return path
}

// T67 and rule 27: whatever the observer does, the same handlers run in the same
// order, the process ends in the same way, and at most 100 ms later. The machine
// may be busy and the race detector slows the making of events down, so there is
// slack for both, and a slow run gets more chances, against what one without an
// observer takes by then. A wait that came back with every event would take seconds.
func TestHostileObserver(t *testing.T) {
	const budget, slack = 100 * time.Millisecond, 250 * time.Millisecond
	run := func(t *testing.T, env ...string) (story string, took time.Duration) {
		t.Helper()
		p := start(t, manifold, env...)
		var ns int64
		fmt.Sscan(p.await("took"), &ns)
		ran, status := p.end()
		return ran + ", " + status + ", " + p.stderr.String(), time.Duration(ns)
	}
	alone, base := run(t)
	again := func(t *testing.T) {
		_, took := run(t)
		base = max(base, took)
	}
	again(t)
	again(t)
	if !strings.HasPrefix(alone, "h1300 panic1200 error1100 h800") || !strings.Contains(alone, "error100 s3, code 5") {
		t.Fatalf("unobserved: %s", alone)
	}
	for name, path := range hostile {
		t.Run(name, func(t *testing.T) {
			for until := time.Now().Add(patience); ; again(t) {
				story, took := run(t, "MULTIEXIT_SOCK="+path(t))
				if story != alone {
					t.Fatalf("observed:   %s\nunobserved: %s", story, alone)
				}
				if took <= base+budget+slack {
					t.Logf("%v, unobserved at most %v", took, base)
					return
				}
				if time.Now().After(until) {
					t.Fatalf("took %v, unobserved at most %v", took, base)
				}
			}
		})
	}
}
