package spec

import (
	"net"
	"net/url"
	"path"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
)

// ready reads when a command is ready: by exactly one condition.
func (r *reader) ready(s *scope, n *node) *Probe {
	p := &Probe{}
	var first *node
	errs := len(r.errs)
	one := func(read func(n *node)) func(n *node) {
		return func(n *node) {
			if first != nil {
				r.refuse(&node{text: n.key, line: n.line, col: n.col}, "a second condition beside "+first.key, "a command is ready by one of them")
				return
			}
			first = n
			read(n)
		}
	}
	r.fields(n, "{tcp: localhost:8080}",
		field{"log", one(func(n *node) { p.Log = r.regexp(n) })},
		field{"tcp", one(func(n *node) { p.TCP = r.address(s, n) })},
		field{"http", one(func(n *node) { p.HTTP = r.url(s, n) })},
		field{"file", one(func(n *node) { p.File = r.fileOf(s, n) })},
		field{"exit", one(func(n *node) { r.exit(&p.Exit, n) })},
		field{"handler", one(func(n *node) { p.Handler = r.glob(n) })},
		field{"interval", r.duration(&p.Interval)},
		field{"timeout", r.duration(&p.Timeout)},
	)
	if first == nil && len(r.errs) == errs {
		r.refuse(&node{text: "ready", line: n.line, col: n.col}, "no condition", "one of log, tcp, http, file, exit, handler")
	}
	return p
}

func (r *reader) exit(to *bool, n *node) {
	if n.kind != boolean || !strings.EqualFold(n.text, "true") {
		r.refuse(n, "can only be true", "write true, or take it out")
		return
	}
	*to = true
}

func (r *reader) regexp(n *node) *regexp.Regexp {
	pattern, ok := r.text(n, `"listening on"`)
	if !ok {
		return nil
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		why := "not a regular expression: " + err.Error()
		if e, ok := err.(*syntax.Error); ok {
			why = "not a regular expression: " + e.Code.String()
			if e.Expr != pattern {
				why += ": " + shown(e.Expr)
			}
		}
		r.refuse(n, why, `write \ before a character that is meant as it is`)
	}
	return re
}

// address reads host:port; a port alone is one of this machine.
func (r *reader) address(s *scope, n *node) string {
	const like = "such as localhost:5432"
	if !n.scalar() || n.text == "" {
		r.refuse(n, "not an address", like)
		return ""
	}
	addr, ok := r.expand(s, n)
	if !ok {
		return ""
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		if _, bare := strconv.Atoi(addr); bare != nil {
			advice := like
			if !strings.ContainsAny(addr, ": []/") {
				advice = "did you mean " + shown(addr) + ":80?"
			}
			r.refuse(n, "not HOST:PORT", advice)
			return ""
		}
		port = addr
	}
	if !r.port(n, port) {
		return ""
	}
	if host == "" {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

func (r *reader) port(n *node, port string) bool {
	if p, err := strconv.Atoi(port); err != nil || p < 1 || p > 65535 {
		r.refuse(n, shown(port)+" is not a port", "a number from 1 to 65535")
		return false
	}
	return true
}

func (r *reader) url(s *scope, n *node) string {
	const like = "such as http://localhost:8080/health"
	if _, ok := r.text(n, "http://localhost:8080/health"); !ok {
		return ""
	}
	raw, ok := r.expand(s, n)
	if !ok {
		return ""
	}
	u, err := url.Parse(raw)
	switch {
	case !strings.Contains(raw, "://") && !strings.HasPrefix(raw, "/"):
		r.refuse(n, "not a URL", "did you mean http://"+shown(raw)+"?")
	case err != nil:
		why := err.Error()
		if e, ok := err.(*url.Error); ok {
			why = e.Err.Error()
		}
		r.refuse(n, "not a URL: "+shown(why), like)
	case u.Scheme != "http" && u.Scheme != "https":
		r.refuse(n, "not a URL of HTTP", like)
	case u.Hostname() == "":
		r.refuse(n, "a URL without a host", like)
	case u.Port() == "" || r.port(n, u.Port()):
		return raw
	}
	return ""
}

func (r *reader) fileOf(s *scope, n *node) string {
	if _, ok := r.text(n, "tmp/ready"); !ok {
		return ""
	}
	file, _ := r.expand(s, n)
	return r.beside(file)
}

func (r *reader) glob(n *node) string {
	pattern, ok := r.text(n, `"flush*"`)
	if !ok {
		return ""
	}
	if _, err := path.Match(pattern, ""); err != nil {
		r.refuse(n, "not a pattern", "* and ? match, [a-c] is one of these")
	}
	return pattern
}
