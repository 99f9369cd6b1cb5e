//go:build !linux

package live

// Other systems have no real-time signals that can be named here.
const (
	maxSignal = 31
	rtMin     = 0
)
