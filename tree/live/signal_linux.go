package live

// The numbers a C program sees: glibc and musl keep the first two real-time
// signals (32, 33) for themselves (signal(7)).
const (
	maxSignal = 64
	rtMin     = 34
)
