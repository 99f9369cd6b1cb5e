package tree

import (
	"math"
	"strconv"
	"time"
)

// Took writes a duration as all texts, the screen and the pictures have it, with the
// digits that a person compares: 850µs 4.2ms 616ms 1.90s 12.3s 2m05s 3h07m.
func Took(d time.Duration) string { return string(AppendTook(nil, d)) }

// AppendTook appends what Took returns.
func AppendTook(b []byte, d time.Duration) []byte {
	if d < 0 {
		b = append(b, '-')
		d = -max(d, -math.MaxInt64)
	}
	switch {
	case d < 999500*time.Nanosecond:
		b = strconv.AppendInt(b, int64(d+time.Microsecond/2)/int64(time.Microsecond), 10)
		return append(b, "µs"...)
	case d < 9950*time.Microsecond:
		return append(AppendFixed(b, d, time.Millisecond, 1), "ms"...)
	case d < 999500*time.Microsecond:
		return append(AppendFixed(b, d, time.Millisecond, 0), "ms"...)
	case d < 9995*time.Millisecond:
		return append(AppendFixed(b, d, time.Second, 2), 's')
	case d < 99950*time.Millisecond:
		return append(AppendFixed(b, d, time.Second, 1), 's')
	}
	big, unit, signs := time.Minute, time.Second, "ms"
	if d >= time.Hour-time.Second/2 {
		big, unit, signs = time.Hour, time.Minute, "hm"
	}
	n, sixty := int64(d/unit), int64(big/unit)
	if d%unit >= unit/2 {
		n++
	}
	b = append(strconv.AppendInt(b, n/sixty, 10), signs[0])
	return append(b, '0'+byte(n%sixty/10), '0'+byte(n%10), signs[1])
}

// AppendLeft appends a time that is counted, up or down, while somebody looks: 7.2s
// 45s 2m05s. It is never less than nothing.
func AppendLeft(b []byte, d time.Duration) []byte {
	switch d = max(0, d); {
	case d < 10*time.Second:
		return append(AppendFixed(b, d, time.Second, 1), 's')
	case d < time.Minute:
		return append(AppendFixed(b, d, time.Second, 0), 's')
	}
	return AppendTook(b, d)
}

// AppendFixed appends d in a unit, rounded to some decimals.
func AppendFixed(b []byte, d, unit time.Duration, decimals int) []byte {
	scale := int64(1)
	for range decimals {
		scale *= 10
	}
	n := (int64(d)*scale + int64(unit)/2) / int64(unit)
	b = strconv.AppendInt(b, n/scale, 10)
	if decimals == 0 {
		return b
	}
	b = append(b, '.')
	for scale /= 10; scale > 0; scale /= 10 {
		b = append(b, '0'+byte(n/scale%10))
	}
	return b
}
