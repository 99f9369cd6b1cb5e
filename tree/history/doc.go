// Package history keeps the recordings of sessions in a directory of the user:
// what ran, when, and how it ended, to be looked at again.
//
// A recording has one file, which is written once and named by its time, so that
// ls sorts it: 20260301T093000.123Z-k7f2.jsonl. k7f2 is its id. While the session
// runs the file is called ...running.jsonl and its writer holds a lock on it
// (flock(2)). A session that was killed leaves that name without the lock: a
// recording that was cut off, and good as far as it goes. Beside a complete one
// is its Summary, k7f2.json, so that to list a gigabyte is to read a few hundred
// bytes; where it is missing, it is made from the recording. A recording that
// was asked for in a file of the user's is a symbolic link to it.
//
// Any number of processes may use one directory at a time. Whoever reads holds a
// shared lock, and nothing is removed that anybody has locked.
package history
