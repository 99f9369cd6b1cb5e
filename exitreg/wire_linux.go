package exitreg

import "syscall"

// A program that asked for SIGPIPE must not get one because its observer died.
const sendFlags = syscall.MSG_NOSIGNAL
