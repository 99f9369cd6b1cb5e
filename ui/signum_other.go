//go:build !unix

package ui

// number is not known where signals are only names.
func number(string) string { return "" }
