package exitreg

import (
	"bytes"
	"testing"
	"time"
)

// ledger is an ear that keeps what it is told.
type ledger struct {
	*ear
	told bytes.Buffer
}

func (l *ledger) send(p []byte, _ time.Duration) (time.Duration, error) {
	l.told.Write(p)
	return 0, nil
}

// Orders that came while whoever listens had no turn are obeyed, and nobody says that
// they did not come in time.
func TestOrdersUnheard(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fake) {
		l := &ledger{ear: &ear{closed: make(chan struct{})}} // without words: it never wakes who listens
		l.rest = []byte(`{"do":"fault","handler":"b","fault":"skip"}` + "\n" + `{"do":"ready"}` + "\n")
		f.sys.report = &reporter{
			path:   func() string { return "x" },
			orders: func() bool { return true },
			dial:   func(string, time.Duration) (wire, time.Duration, error) { return l, 0, nil },
		}
		f.stack("a", "b")
		f.want(f.exit(0), "a", "code 0", primeMax)
		if bytes.Contains(l.told.Bytes(), []byte("did not come in time")) {
			t.Errorf("told %s", l.told.Bytes())
		}
		l.Close()
	})
}
