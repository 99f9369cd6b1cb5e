package exitreg

import "time"

// Kind names what happened. The constants are the words on the wire and in
// recordings; a reader that meets a kind it does not know keeps it and goes on.
type Kind string

const (
	// The life of a process. Told by the observer.

	KindSpawn       Kind = "spawn"       // a process was born: PID, Name, Argv
	KindExec        Kind = "exec"        // it became another program: Name, Argv
	KindOrphan      Kind = "orphan"      // its parent died; it was adopted
	KindStop        Kind = "stop"        // stopped by a signal; nothing runs until KindCont
	KindCont        Kind = "cont"        // continued
	KindDisposition Kind = "disposition" // what Sig would do to it: Text is a disposition ("caught", "default", "ignored", "blocked")
	KindExit        Kind = "exit"        // gone: Code, or Sig when a signal ended it, and Core

	KindAsleep Kind = "asleep" // asked to end a while ago, it was seen to wait in the kernel: Text is for what ("child", "pipe" to read from, "full pipe" to write to, "socket", "terminal", "lock", "disk" for an uninterruptible sleep; empty: for nothing of that any more); From is the child, or who has the other end; Err the place in the kernel

	KindTitle Kind = "title" // a process wrote another Name and Argv over its own, without an exec: nginx, PostgreSQL

	// Signals and the observer itself.

	KindSignal Kind = "signal" // Sig was sent to Node by Sender; Scope says to how many
	KindOut    Kind = "out"    // a line of output: Text, Stream
	KindNote   Kind = "note"   // a remark of the observer: Text; about Node if it names one
	KindEOF    Kind = "eof"    // the stream is complete; what began and never ended is lost

	// What a session was told to run, and how it ends it.

	KindCommand Kind = "command" // a command of the session changed its state: Name; Text is the state ("waiting", "starting", "ready", "stopping", "stopped", "done", "failed", "backoff", "removed"); Err says why; Node is its present or next process; Timeout is what is left of a back-off
	KindRung    Kind = "rung"    // a step of the ladder that ends Node and all below it, or everything if there is no Node: Text is the step ("stop", "cont", "all", "dump", "kill", "extend", "absorbed", "done"); Sig is what it sends; Timeout is the time until the next one. "freeze" and "thaw": its time stands, and goes on again, for somebody whom it ends is held; Timeout is what is left until the next step

	KindOrder  Kind = "order"  // an order to the processes that the pattern Scope means stands from now on, for those to come, too: Text is its word ("hold", "pace" with Timeout, "break" at signals Sig or, without it, at the exit, or a fault: "delay" with Timeout, "exit" with Code, ...); Handler, ID and Sig are what it is about, each empty if that is everything
	KindRevoke Kind = "revoke" // the order with this Scope, Text, Handler, ID and Sig stands no more

	// A process and its registry. Told by the process.

	KindHello      Kind = "hello"      // first of all, and again at Install if that comes later: PID, Name, Argv; from Install on Text is the signals it takes ("SIGTERM SIGINT") and Timeout the total grace, if any
	KindRegister   Kind = "register"   // handler ID was registered or adopted; Needs are what its author declared; Text "unbound" when this program does not define it
	KindUnregister Kind = "unregister" // handler ID was taken back before it began
	KindDeliver    Kind = "deliver"    // a run begins: Sig, or Text "exit" with Code, or Text "panic" with Err
	KindBegin      Kind = "begin"      // handler ID starts; pairs with the KindEnd of the same ID
	KindWait       Kind = "wait"       // the running handler ID waits for another process; Text is its pid (a node in recordings); Timeout is for how long, and Sig what it sends then, if it is known
	KindEnd        Kind = "end"        // handler ID ended after Elapsed; Err if it failed, panicked, ran out of time or was cut off; Text is a panic's stack
	KindSkip       Kind = "skip"       // handler ID will not run; Text says why ("deadline", "forced", "unbound", "injected", ...)
	KindHold       Kind = "hold"       // stopped until released: before handler ID; without an ID at signal Sig that has come, or, without a Sig either, before it exits. Text is the breakpoint, if it is one ("flush-*", "signal SIGTERM", "exit"). Told by the observer of a process without a registry: Text is "stopped before SIGTERM", and Sig waits for it
	KindRelease    Kind = "release"    // let go
	KindFault      Kind = "fault"      // what becomes of handler ID next is not its own doing: the observer had a fault put in. Text is which ("delay" with Timeout, "hang", "fail", "panic", "skip", "exit" with Code, "kill" with Timeout if it comes later, "stop"); a KindBegin or KindSkip of the ID follows. Without an ID it is the process: "ignore" (Sig has come and nothing is made of it), or "stop", told by the observer
	KindLeave      Kind = "leave"      // all handlers ended; about to exit with Code, or by Sig
)

// Prov says how an event is known.
type Prov string

const (
	ProvSelf   Prov = "self"   // the process said so
	ProvKernel Prov = "kernel" // the kernel reported it as it happened
	ProvWait   Prov = "wait"   // from the exit status collected by a parent or through a pidfd
	ProvScan   Prov = "scan"   // inferred by looking again; the time is when it was seen
)

// Event is one fact, flat, and one JSON object a line. What a key means depends
// on the Kind; a zero key is left out. On the wire (process to observer) At is
// set and T, Seq and Node are not; From and the Text of a KindWait are pids. In
// a recording it is the other way round, and they are nodes.
type Event struct {
	Seq     uint64        `json:"seq,omitzero"`     // 1, 2, 3 ... order of arrival at the observer
	T       time.Duration `json:"t,omitzero"`       // since the recording's start, when it happened at its origin
	At      int64         `json:"at,omitzero"`      // wire only: Unix nanoseconds
	Kind    Kind          `json:"kind"`             //
	Node    string        `json:"node,omitzero"`    // path id of the process: "0", "0.1", "0.1.2" by birth
	PID     int           `json:"pid,omitzero"`     //
	Name    string        `json:"name,omitzero"`    // of the process
	N       uint64        `json:"n,omitzero"`       // the process's own count of its events: 1, 2, 3 ...; a hole is a loss
	ID      string        `json:"id,omitzero"`      // of a handler within its process: "h1", "h2" ...
	Handler string        `json:"handler,omitzero"` // its name
	Shared  bool          `json:"shared,omitzero"`  // it is handed down to children
	From    string        `json:"from,omitzero"`    // the process that shared it first
	Src     string        `json:"src,omitzero"`     // "file.go:88" where it was registered
	Needs   []string      `json:"needs,omitempty"`  // the handlers that close what it uses: by name, or as "PROC/HANDLER"
	Sig     string        `json:"sig,omitzero"`     // "SIGTERM"
	Code    *int          `json:"code,omitempty"`   // exit status; a pointer, for 0 is a status too
	Core    bool          `json:"core,omitzero"`    // a core was dumped
	Err     string        `json:"err,omitzero"`     //
	Text    string        `json:"text,omitzero"`    //
	Stream  string        `json:"stream,omitzero"`  // "stdout" or "stderr"
	Elapsed time.Duration `json:"elapsed,omitzero"` //
	Timeout time.Duration `json:"timeout,omitzero"` //
	Sender  string        `json:"sender,omitzero"`  // "multiexit", a node, or "pid:N"
	Scope   string        `json:"scope,omitzero"`   // "process", "group", "subtree" ...
	Argv    []string      `json:"argv,omitempty"`   //
	Prov    Prov          `json:"prov,omitzero"`    //
}
