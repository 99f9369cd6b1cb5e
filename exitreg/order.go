package exitreg

const lineMax = 64 << 10 // bytes of one line on the wire, its newline included

// order is what an observer may say. Words that this version does not know are
// ignored.
//
//	{"do":"hold"}                    stop before every handler
//	{"do":"hold","handler":"db*"}    a breakpoint: stop before those
//	{"do":"hold","on":"signal","sig":"SIGTERM"}  one at a signal that begins a run; without sig at any
//	{"do":"hold","on":"exit"}        one behind the last handler
//	{"do":"release"}                 go on, to the next breakpoint if there is one
//	{"do":"release","handler":"db*"} take that breakpoint back (or with "on", as above), and go on if it is there
//	{"do":"step"}                    go on, and stop before the next handler
//	{"do":"pace","ns":1000}          rest before every handler
//	{"do":"fault","handler":"db*","fault":"delay","ns":1000}
//	{"do":"fault","handler":"db*","fault":"kill","ns":1000}
//	{"do":"fault","handler":"db*","fault":"exit","code":3}
//	{"do":"fault","fault":"ignore","sig":"SIGTERM"}  of the process: make nothing of the signal; without sig of any
//	{"do":"fault","fault":"none"}    of the process: take that back
//	{"do":"freeze"}                  somebody is held: let no timeout and no grace pass
//	{"do":"thaw"}                    let them pass again
//	{"do":"ready"}                   an answer to the hello: the orders that stand have all been given
//
// In the place of a name's glob, or beside it, there may be the "id" of one
// handler. A signal is a name or a glob. The other faults of handlers are hang, fail,
// panic, skip and stop; none takes one back.
type order struct {
	Do      string `json:"do"`
	NS      int64  `json:"ns"`      // of pace, delay and kill
	Handler string `json:"handler"` // a glob
	ID      string `json:"id"`
	On      string `json:"on"`  // of hold and release: "signal" or "exit"; "" for handlers
	Sig     string `json:"sig"` // a glob
	Fault   string `json:"fault"`
	Code    int    `json:"code"` // of exit
}

func (o order) aim() aim { return aim{o.Handler, o.ID} }
