// Package remote lets other programs of the same user watch and drive a session,
// through a Unix socket.
//
// # Protocol
//
// Lines of JSON. A client begins with what it wants:
//
//	{"multiexit":1,"want":"control","readonly":true}
//	{"multiexit":1,"want":"events","from":0}
//
// One that wants events gets a recording: the header and all events, from the
// beginning or from a Seq on, those to come included, until the session is over.
// It needs to say nothing more.
//
// One that wants control is greeted, asks, and is answered; the answers may come
// in another order:
//
//	{"multiexit":1,"pid":7,"seq":120,"header":{...}}
//	{"id":1,"do":"signal","node":"0.1","sig":"SIGTERM","scope":"subtree"}
//	{"id":1,"ok":true}
//	{"id":2,"do":"details","node":"0.1"}
//	{"id":2,"ok":true,"result":{...}}
//	{"id":3,"do":"signal","node":"9"}
//	{"id":3,"error":"9: no such process"}
//	{"id":4,"do":"tell","node":"worker-*","line":"{\"do\":\"hold\"}"}
//	{"id":4,"ok":true}
//
// The line of a tell is one of the observer's side of the protocol of exitreg
// (hold, release, step, pace, fault). It stands for the processes to come, too.
//
// After {"do":"follow"} it also gets {"cursor":"0.1"} when the selection on the
// presenter's screen moves. A client that is refused gets {"error":"..."}, and
// nothing more.
package remote

import (
	"encoding/json"
	"time"

	"multiexit/tree"
)

const (
	version    = 1
	maxRequest = 1 << 20 // bytes of a line from a client
	maxClients = 64
	maxPending = 8 // requests of one client that are worked on at a time
	maxCells   = 10_000

	largeRequest = 16 << 10 // bytes; one of a client is worked on at a time
)

// hello is the first line of a client.
type hello struct {
	Version  int    `json:"multiexit"`
	Want     string `json:"want"`
	ReadOnly bool   `json:"readonly,omitzero"`
	From     uint64 `json:"from,omitzero"` // events: the first Seq; 0 is all
}

// greeting is the answer to one that wants control.
type greeting struct {
	Version  int         `json:"multiexit"`
	PID      int         `json:"pid"`
	Seq      uint64      `json:"seq"` // of the last event until now
	ReadOnly bool        `json:"readonly,omitzero"`
	Header   tree.Header `json:"header"`
	Error    string      `json:"error,omitzero"`
}

// request is what a client asks for. What a key means depends on Do.
type request struct {
	ID     uint64        `json:"id"`
	Do     string        `json:"do"`
	Node   string        `json:"node,omitzero"`
	Nodes  []string      `json:"nodes,omitempty"`
	Sig    string        `json:"sig,omitzero"`
	Scope  string        `json:"scope,omitzero"`
	Verb   string        `json:"verb,omitzero"`
	Target string        `json:"target,omitzero"`
	Args   []string      `json:"args,omitempty"`
	Line   string        `json:"line,omitzero"`  // of tell: the order, a JSON object
	For    time.Duration `json:"for,omitzero"`   // nanoseconds
	Data   []byte        `json:"data,omitempty"` // base64
	Cols   int           `json:"cols,omitzero"`
	Rows   int           `json:"rows,omitzero"`
}

// answer is what a client is told: the answer to its request, or without an ID
// where the cursor is or why it is dropped.
type answer struct {
	ID     uint64          `json:"id,omitzero"`
	OK     bool            `json:"ok,omitzero"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  string          `json:"error,omitzero"`
	Cursor *string         `json:"cursor,omitempty"`
}

// Control is a session as its clients drive it. The methods are called from
// several goroutines at a time. Those that tell return something that
// encoding/json can write.
type Control interface {
	Signal(node, sig, scope string) error
	Do(verb, target string, args []string) error
	Order(pattern, line string) error // must not block
	Extend(node string, d time.Duration) error
	Next(node string) error
	Stop()
	Kill()
	Details(node string) (any, error)
	Preview(sig, scope string, nodes []string) (any, error)
	Usage(node string) (any, error)
	Input(node string, data []byte) error // must not block: a client's are done in order
	Resize(node string, cols, rows int) error
}
