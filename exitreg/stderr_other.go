//go:build !unix

package exitreg

import "os"

func writeStderr(line []byte) { _, _ = os.Stderr.Write(line) }
