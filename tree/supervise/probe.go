package supervise

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"multiexit/tree/spec"
)

// attempt is the one try of a probe that has to be tried again and again; nil if
// it is none of those. What a stranger does at the same address counts too:
// nobody can tell them apart from outside.
func attempt(p *spec.Probe, dir string) func(context.Context) bool {
	switch {
	case p.TCP != "":
		return func(ctx context.Context) bool { return connects(ctx, p.TCP) }
	case p.HTTP != "":
		return func(ctx context.Context) bool { return answers(ctx, p.HTTP) }
	case p.File != "":
		path := p.File
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		return func(context.Context) bool { return exists(path) }
	}
	return nil
}

// poll tries until it succeeds, or ctx ends. A try has at least two seconds: a
// slow answer is one too.
func poll(ctx context.Context, interval time.Duration, try func(context.Context) bool, found func()) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		one, cancel := context.WithTimeout(ctx, max(interval, 2*time.Second))
		ok := try(one)
		cancel()
		if ctx.Err() != nil {
			return
		}
		if ok {
			found()
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func connects(ctx context.Context, address string) bool {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

// asker neither follows redirections, which are an answer, nor asks a proxy, nor
// keeps a connection that would delay the server's end.
var asker = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func answers(ctx context.Context, url string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	answer, err := asker.Do(request)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	io.CopyN(io.Discard, answer.Body, 64<<10)
	return answer.StatusCode >= 200 && answer.StatusCode < 400
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
