package remote

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"multiexit/tree"
)

const (
	answerTime = 2 * time.Second  // for a greeting
	callTime   = 30 * time.Second // for an answer
	maxAnswer  = 64 << 20         // bytes
)

// Dial connects to a session: the target is its pid, the path of its socket, or
// "" for the only one there is. The error is one line with an advice. A read-only
// client is refused, by the session itself, whatever changes anything.
func Dial(target string, readonly bool) (*Client, error) {
	path, err := find(target, dirs())
	if err != nil {
		return nil, err
	}
	nc, err := connect(path)
	if err != nil {
		return nil, err
	}
	nc.SetDeadline(time.Now().Add(answerTime))
	g, r, err := greet(nc, hello{Version: version, Want: "control", ReadOnly: readonly})
	if err != nil {
		nc.Close()
		return nil, fmt.Errorf("session %s: %s", path, plainly(err))
	}
	nc.SetDeadline(time.Time{})
	c := &Client{path: path, nc: nc, greeting: g, gone: make(chan struct{}), calls: map[uint64]chan answer{}}
	go c.read(r)
	return c, nil
}

func connect(path string) (net.Conn, error) {
	nc, err := net.DialTimeout("unix", path, answerTime)
	switch {
	case err == nil:
		return nc, nil
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("session %s: there is no such socket (see multiexit ctl list)", path)
	case errors.Is(err, os.ErrPermission):
		return nil, fmt.Errorf("session %s: permission denied (it belongs to another user)", path)
	}
	if info, bad := os.Stat(path); bad == nil && info.Mode().Type() != os.ModeSocket {
		return nil, fmt.Errorf("session %s: it is no socket (see multiexit ctl list)", path)
	}
	return nil, fmt.Errorf("session %s: %s (is it over? see multiexit ctl list)", path, plainly(err))
}

// greet says hello and takes the answer.
func greet(nc net.Conn, h hello) (g greeting, r *bufio.Reader, err error) {
	r = bufio.NewReaderSize(nc, 64<<10)
	line, _ := json.Marshal(h)
	_, wrote := nc.Write(append(line, '\n'))
	line, err = readLine(r) // one who is refused may find it written before it can write
	switch {
	case err != nil && wrote != nil:
		return g, r, wrote
	case err != nil:
		return g, r, over(err)
	}
	if err := json.Unmarshal(line, &g); err != nil {
		return g, r, errors.New("what answers is no multiexit session")
	}
	switch {
	case g.Error != "":
		return g, r, errors.New(tree.Clean(g.Error))
	case g.Version != version:
		return g, r, fmt.Errorf("it speaks version %d, not %d (use the same multiexit)", g.Version, version)
	}
	return g, r, nil
}

// over says what the end of a connection means.
func over(err error) error {
	if err == io.EOF || errors.Is(err, net.ErrClosed) {
		return errOver
	}
	return err
}

var errOver = errors.New("the session is over")

// readLine reads a line of any length that an answer may have.
func readLine(r *bufio.Reader) ([]byte, error) {
	var long []byte
	for {
		part, err := r.ReadSlice('\n')
		if err == nil && long == nil {
			return bytes.TrimSpace(part), nil
		}
		long = append(long, part...)
		switch {
		case err == nil:
			return bytes.TrimSpace(long), nil
		case err != bufio.ErrBufferFull:
			return nil, err
		case len(long) > maxAnswer:
			return nil, errors.New("an answer has no end")
		}
	}
}
