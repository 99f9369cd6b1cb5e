// Package supervise runs the commands of a file on one live.Session: it starts
// them when what they depend on is far enough, finds out when they are ready,
// starts them again when they fail, and ends them in the reverse order, each in
// its own way.
//
// # States
//
// What a command does is told by events of kind "command" (see
// tree.CommandState). A file's commands are all announced as waiting, in their
// order and each with the node it will have, before the first one starts. A
// restart has a new node.
//
//	waiting -> starting -> ready -> stopping -> stopped
//	              |          |
//	              +----------+--> done, failed, or backoff -> starting
//
// # Order
//
// A command starts when all that it depends on has got as far as it asks for.
// One that nobody can get there any more takes its dependents with it: they fail
// because it failed, and are stopped because it was stopped. Starting a command
// starts what it depends on first. Stopping one command stops just that one,
// whoever depends on it; when several are stopped at once, a command is stopped
// after all that depend on it, directly or not, are gone.
//
// A command is gone when its process and everything that descends from it are.
// What a command leaves behind when it ends by itself is ended before the
// command is started again, and when all commands are over; unless
// live.Config.Keep is set, or Hold, until everything is stopped.
package supervise
