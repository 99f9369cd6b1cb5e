//go:build race

package live

// underRace says that the race detector slows everything down.
const underRace = true
