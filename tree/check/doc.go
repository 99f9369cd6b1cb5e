// Package check says of a shutdown why it took as long as it did, what holds it
// up, and what went wrong. All of it is a pure reader of a tree.Tree: no clock,
// no file, nothing is kept. Times are those of the stream (exitreg.Event.T).
package check
