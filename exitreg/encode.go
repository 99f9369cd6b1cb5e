package exitreg

import (
	"strconv"
	"unicode/utf8"
)

// appendLine appends the event as one line of JSON, the same bytes as
// encoding/json. It is by hand because it stands between one handler and the
// next. A line longer than lineMax is made shorter by cutting its longest texts.
func appendLine(b []byte, e *Event) []byte {
	start := len(b)
	b = append(appendEvent(b, e), '\n')
	if len(b)-start > lineMax {
		short := clip(*e)
		b = append(appendEvent(b[:start], &short), '\n')
	}
	return b
}

// clip cuts an event so that its line fits even if every byte of its texts takes
// six when escaped.
func clip(e Event) Event {
	const long, short = 3000, 300
	e.Err, e.Text = cut(e.Err, long), cut(e.Text, long)
	for _, s := range []*string{&e.Name, &e.ID, &e.Handler, &e.From, &e.Src, &e.Sig, &e.Node, &e.Sender, &e.Scope, &e.Stream} {
		*s = cut(*s, short)
	}
	e.Argv, e.Needs = clipped(e.Argv), clipped(e.Needs)
	return e
}

// clipped is the beginning of a list, and "..." in the place of what was cut off.
func clipped(list []string) (short []string) {
	room := 1000
	for _, s := range list {
		if len(s)+10 > room {
			return append(short, "...")
		}
		room -= len(s) + 10
		short = append(short, s)
	}
	return short
}

// cut shortens s to at most n bytes without breaking a character.
func cut(s string, n int) string {
	const more = "..."
	if len(s) <= n {
		return s
	}
	n -= len(more)
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + more
}

// AppendJSON appends the event to b as one JSON object of any length, the same
// bytes as encoding/json.
func (e *Event) AppendJSON(b []byte) []byte { return appendEvent(b, e) }

func appendEvent(b []byte, e *Event) []byte {
	b = append(b, '{')
	b = appendUint(b, `"seq":`, e.Seq)
	b = appendInt(b, `"t":`, int64(e.T))
	b = appendInt(b, `"at":`, e.At)
	b = append(b, `"kind":`...)
	b = append(appendQuoted(b, string(e.Kind)), ',')
	b = appendText(b, `"node":`, e.Node)
	b = appendInt(b, `"pid":`, int64(e.PID))
	b = appendText(b, `"name":`, e.Name)
	b = appendUint(b, `"n":`, e.N)
	b = appendText(b, `"id":`, e.ID)
	b = appendText(b, `"handler":`, e.Handler)
	b = appendTrue(b, `"shared":`, e.Shared)
	b = appendText(b, `"from":`, e.From)
	b = appendText(b, `"src":`, e.Src)
	b = appendStrings(b, `"needs":`, e.Needs)
	b = appendText(b, `"sig":`, e.Sig)
	if e.Code != nil {
		b = append(b, `"code":`...)
		b = append(strconv.AppendInt(b, int64(*e.Code), 10), ',')
	}
	b = appendTrue(b, `"core":`, e.Core)
	b = appendText(b, `"err":`, e.Err)
	b = appendText(b, `"text":`, e.Text)
	b = appendText(b, `"stream":`, e.Stream)
	b = appendInt(b, `"elapsed":`, int64(e.Elapsed))
	b = appendInt(b, `"timeout":`, int64(e.Timeout))
	b = appendText(b, `"sender":`, e.Sender)
	b = appendText(b, `"scope":`, e.Scope)
	b = appendStrings(b, `"argv":`, e.Argv)
	b = appendText(b, `"prov":`, string(e.Prov))
	b[len(b)-1] = '}' // over the last comma
	return b
}

func appendInt(b []byte, key string, v int64) []byte {
	if v == 0 {
		return b
	}
	return append(strconv.AppendInt(append(b, key...), v, 10), ',')
}

func appendUint(b []byte, key string, v uint64) []byte {
	if v == 0 {
		return b
	}
	return append(strconv.AppendUint(append(b, key...), v, 10), ',')
}

func appendTrue(b []byte, key string, v bool) []byte {
	if !v {
		return b
	}
	return append(append(b, key...), "true,"...)
}

func appendText(b []byte, key, v string) []byte {
	if v == "" {
		return b
	}
	return append(appendQuoted(append(b, key...), v), ',')
}

func appendStrings(b []byte, key string, vs []string) []byte {
	if len(vs) == 0 {
		return b
	}
	b = append(append(b, key...), '[')
	for i, v := range vs {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendQuoted(b, v)
	}
	return append(b, "],"...)
}

const hex = "0123456789abcdef"

// appendQuoted quotes as encoding/json does: HTML's characters and the two line
// separators of Unicode are escaped too, and a byte that is no UTF-8 becomes
// U+FFFD.
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' {
			i++
			continue
		}
		size := 1
		if c >= utf8.RuneSelf {
			var r rune
			r, size = utf8.DecodeRuneInString(s[i:])
			if r != '\u2028' && r != '\u2029' && (r != utf8.RuneError || size > 1) {
				i += size
				continue
			}
		}
		b = append(b, s[start:i]...)
		b = appendEscaped(b, s[i:i+size])
		i += size
		start = i
	}
	return append(append(b, s[start:]...), '"')
}

func appendEscaped(b []byte, s string) []byte {
	switch c := s[0]; c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\b':
		return append(b, `\b`...)
	case '\f':
		return append(b, `\f`...)
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	}
	r, size := utf8.DecodeRuneInString(s)
	if size == 1 && r == utf8.RuneError {
		return append(b, `\ufffd`...)
	}
	return append(b, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}
