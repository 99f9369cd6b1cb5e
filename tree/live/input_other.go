//go:build !linux

package live

import (
	"errors"
	"fmt"
)

var errNoInput = errors.New("a terminal or standard input of its own is not to be had on this system")

// Input would write to the terminal or standard input of a node's command.
func (s *Session) Input(node string, _ []byte) error {
	return fmt.Errorf("input to %s: %w", node, errNoInput)
}

// CloseInput would end it.
func (s *Session) CloseInput(node string) error {
	return fmt.Errorf("end the input of %s: %w", node, errNoInput)
}

// Resize would give the terminal of a node's command another size.
func (s *Session) Resize(node string, _, _ int) error {
	return fmt.Errorf("resize %s: %w", node, errNoInput)
}
