package ui

import (
	"strconv"
	"time"

	"multiexit/tree"
)

func appendTwo(b []byte, n int64) []byte { return append(b, '0'+byte(n/10), '0'+byte(n%10)) }

// appendClock writes a time since the signal, always in seconds so that a column
// of them can be read down.
func appendClock(b []byte, d time.Duration) []byte {
	sign := byte('+')
	if d < 0 {
		sign, d = '-', -d
	}
	b = append(b, sign)
	if d < 100*time.Second {
		return append(tree.AppendFixed(b, d, time.Second, 2), 's')
	}
	return tree.AppendTook(b, d)
}

// longTape is from where on times on a tape are written in minutes.
const longTape = 100 * time.Second

// appendPlace writes a place on a tape of some length, to the hundredth of a second
// however long the tape is: 12.34s 1m02.34s 1h02m03.45s.
func appendPlace(b []byte, d, length time.Duration) []byte {
	if length < longTape {
		return append(tree.AppendFixed(b, d, time.Second, 2), 's')
	}
	d = d.Round(10 * time.Millisecond)
	if d >= time.Hour {
		b = append(strconv.AppendInt(b, int64(d/time.Hour), 10), 'h')
		b = appendTwo(b, int64(d/time.Minute)%60)
	} else {
		b = strconv.AppendInt(b, int64(d/time.Minute), 10)
	}
	b = append(appendTwo(append(b, 'm'), int64(d/time.Second)%60), '.')
	return append(appendTwo(b, int64(d%time.Second/(10*time.Millisecond))), 's')
}

func appendInt(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }

// appendCount writes a number with commas between the thousands.
func appendCount(b []byte, n int) []byte {
	start := len(b)
	b = strconv.AppendInt(b, int64(n), 10)
	for i := len(b) - 3; i > start; i -= 3 {
		b = append(b, 0)
		copy(b[i+1:], b[i:])
		b[i] = ','
	}
	return b
}

// appendBytes writes a size in the unit in which it has one to three digits.
func appendBytes(b []byte, n uint64) []byte {
	units := [...]string{" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"}
	i, v := 0, float64(n)
	for v >= 1000 && i < len(units)-1 {
		v, i = v/1024, i+1
	}
	prec := 0
	if i > 0 && v < 10 {
		prec = 1
	}
	b = strconv.AppendFloat(b, v, 'f', prec, 64)
	return append(b, units[i]...)
}
