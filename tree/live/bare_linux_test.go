package live

import (
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"testing"
)

// bareFlood lets the flooding peer write to a socket that is only read.
func bareFlood(b *testing.B, n int) {
	path := b.TempDir() + "/sock"
	l, err := net.Listen("unix", path)
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	cmd := exec.Command(self, roleWord, "flood", strconv.Itoa(n))
	cmd.Env = append(os.Environ(), sockEnv+"="+path)
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	c, err := l.Accept()
	if err != nil {
		b.Fatal(err)
	}
	io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{c}, make([]byte, 64<<10))
	c.Close()
	cmd.Wait()
}
