//go:build !unix

package exitreg

import "os"

// ask cannot ask here; see Stop.
func ask(p *os.Process) error { return p.Kill() }
