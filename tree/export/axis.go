package export

import (
	"math"
	"strconv"
	"time"
)

// axis turns times into places: t0 at x0, t1 at x1.
type axis struct {
	t0, t1 time.Duration
	x0, x1 float64
}

func (a axis) x(at time.Duration) float64 {
	at = min(max(at, a.t0), a.t1)
	return a.x0 + (a.x1-a.x0)*float64(at-a.t0)/float64(a.t1-a.t0)
}

// step is the distance between two marks of an axis: 1, 2 or 5 of a power of
// ten, so that there are about as many as asked for.
func step(length time.Duration, about int) time.Duration {
	raw := float64(length) / float64(max(about, 1))
	power := math.Pow(10, math.Floor(math.Log10(max(raw, 1))))
	for _, k := range []float64{1, 2, 5, 10} {
		if k*power >= raw {
			return max(time.Duration(k*power), 1)
		}
	}
	return max(time.Duration(raw), 1)
}

// tick writes a mark of an axis whose marks are step apart.
func tick(at, step time.Duration) string {
	switch {
	case step >= time.Second:
		return strconv.FormatInt(int64(at/time.Second), 10) + "s"
	case step >= time.Millisecond:
		digits := 3
		for unit := time.Millisecond; digits > 1 && step%(unit*10) == 0; unit *= 10 {
			digits--
		}
		return strconv.FormatFloat(at.Seconds(), 'f', digits, 64) + "s"
	}
	return strconv.FormatFloat(float64(at)/1e6, 'f', -1, 64) + "ms"
}
