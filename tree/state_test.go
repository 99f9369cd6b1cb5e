package tree_test

import (
	"strings"
	"testing"

	"multiexit/tree"
)

// Each line of events, applied to node 0 in order, adds up to one state.
func TestState(t *testing.T) {
	const handler = `{"kind":"register","node":"0","id":"h1"} `
	const ran = handler + `{"kind":"begin","node":"0","id":"h1"} {"kind":"end","node":"0","id":"h1"} `
	term := func(d string) string {
		return `{"kind":"disposition","node":"0","sig":"SIGTERM","text":"` + d + `"} `
	}
	sent := func(sig string) string { return `{"kind":"signal","node":"0","sig":"` + sig + `","t":5} ` }
	bySig := func(sig string) string { return `{"kind":"exit","node":"0","sig":"` + sig + `","t":9} ` }
	code := func(c string) string { return `{"kind":"exit","node":"0","code":` + c + `,"t":9} ` }
	const stop, cont = `{"kind":"stop","node":"0"} `, `{"kind":"cont","node":"0"} `
	const awaited = `{"kind":"spawn","node":"0"} {"kind":"wait","node":"1","id":"h1","text":"0"} `
	const left = `{"kind":"leave","node":"0","code":0} `
	for _, c := range []struct {
		name, events string
		want         tree.State
		outcome      string
	}{
		{"born", `{"kind":"spawn","node":"0"}`, tree.Live, ""},
		{"stopped only", stop, tree.Live, ""},
		{"a signal that ends nothing", sent("SIGWINCH"), tree.Live, ""},
		{"signalled", sent("SIGTERM"), tree.Exiting, ""},
		{"signalled, caught", term("caught") + sent("SIGTERM"), tree.Exiting, ""},
		{"signalled, ignores", term("ignored") + sent("SIGTERM"), tree.Stuck, ""},
		{"signalled, blocks", term("blocked") + sent("SIGTERM"), tree.Stuck, ""},
		{"signalled, blocked becomes known", sent("SIGTERM") + term("blocked"), tree.Stuck, ""},
		{"ignores it, and it is known by then", term("ignored") + sent("SIGINT"), tree.Exiting, ""},
		{"ignores another", `{"kind":"disposition","node":"0","sig":"SIGINT","text":"ignored"}` + sent("SIGINT"), tree.Stuck, ""},
		{"stopped, signalled", stop + sent("SIGTERM"), tree.Stuck, ""},
		{"stopped, signalled, continued", stop + sent("SIGTERM") + cont, tree.Exiting, ""},
		{"stopped in the middle of a run", ran + stop, tree.Stuck, ""},
		{"stopped, SIGKILL", stop + sent("SIGKILL"), tree.Exiting, ""},
		{"ignores, SIGKILL, SIGTERM", term("ignored") + sent("SIGKILL") + sent("SIGTERM"), tree.Exiting, ""},
		{"ignores, yet runs", term("ignored") + sent("SIGTERM") + `{"kind":"deliver","node":"0","text":"exit","code":0}`, tree.Exiting, ""},

		{"a handler of another waits for it", awaited, tree.Exiting, ""},
		{"the same, and it ignores SIGTERM", term("ignored") + awaited, tree.Stuck, ""},
		{"the same, and it is stopped", awaited + stop, tree.Stuck, ""},
		{"killed by who waited", awaited + bySig("SIGKILL"), tree.Failed, "killed"},
		{"it waits for itself", `{"kind":"spawn","node":"0"} {"kind":"wait","node":"1","id":"h1","text":"1"}`, tree.Live, ""},

		{"exit 0", code("0"), tree.Exited, "exit 0"},
		{"exit 1", code("1"), tree.Failed, "exit 1"},
		{"exit 0 after exit 1 is told again", code("1") + code("0"), tree.Failed, "exit 1"},
		{"nobody saw how", `{"kind":"exit","node":"0"}`, tree.Exited, "gone"},
		{"seen gone, then exactly", `{"kind":"exit","node":"0"}` + code("4"), tree.Failed, "exit 4"},
		{"default action", sent("SIGTERM") + bySig("SIGTERM"), tree.Exited, "SIGTERM"},
		{"a signal nobody saw sent", bySig("SIGINT"), tree.Exited, "SIGINT"},
		{"killed as asked", sent("SIGKILL") + bySig("SIGKILL"), tree.Exited, "killed"},
		{"killed unasked", bySig("SIGKILL"), tree.Failed, "killed"},
		{"killed, the signal is told late", bySig("SIGKILL") + sent("SIGKILL"), tree.Exited, "killed"},
		{"killed, signalled after its end", bySig("SIGKILL") + `{"kind":"signal","node":"0","sig":"SIGKILL","t":10}`, tree.Failed, "killed"},
		{"died of an asked-for signal that ends only by default", sent("SIGUSR1") + bySig("SIGUSR1"), tree.Exited, "SIGUSR1"},
		{"crashed", `{"kind":"exit","node":"0","sig":"SIGSEGV","core":true}`, tree.Failed, "SIGSEGV, core dumped"},
		{"asked by one, died of the other", sent("SIGTERM") + sent("SIGQUIT") + bySig("SIGTERM"), tree.Exited, "SIGTERM"},
		{"128+n", sent("SIGQUIT") + code("131"), tree.Exited, "exit 131"},
		{"143 and nobody saw the signal", code("143"), tree.Exited, "exit 143"},
		{"128+n of a signal nobody sent", code("137"), tree.Failed, "exit 137"},
		{"n, after its handlers", ran + sent("SIGTERM") + left + code("15"), tree.Exited, "exit 15"},
		{"n, by its own choice", sent("SIGTERM") + code("15"), tree.Failed, "exit 15"},

		{"ran and left", ran + left + code("0"), tree.Exited, "exit 0"},
		{"ran, left and raised it again", ran + sent("SIGTERM") + `{"kind":"leave","node":"0","sig":"SIGTERM"}` + bySig("SIGTERM"), tree.Exited, "SIGTERM"},
		{"left by a signal it chose", ran + `{"kind":"leave","node":"0","sig":"SIGUSR2"}` + bySig("SIGUSR2"), tree.Exited, "SIGUSR2"},
		{"ran, left, status 3", ran + left + code("3"), tree.Failed, "exit 3"},
		{"ran all, says no goodbye", ran + code("0"), tree.Exited, "exit 0"},
		{"os.Exit with handlers on the stack", handler + code("0"), tree.Failed, "exit 0"},
		{"killed with handlers on the stack", handler + sent("SIGKILL") + bySig("SIGKILL"), tree.Failed, "killed"},
		{"default action with handlers on the stack", handler + sent("SIGTERM") + bySig("SIGTERM"), tree.Failed, "SIGTERM"},
		{"left, and some ends never came", handler + left + code("0"), tree.Exited, "exit 0"},
		{"left while one ran", handler + `{"kind":"begin","node":"0","id":"h1"}` + left + code("0"), tree.Failed, "exit 0"},
		{"a failed handler", `{"kind":"end","node":"0","id":"h1","err":"no"}` + left + code("0"), tree.Failed, "exit 0"},
		{"a failed handler, then the status of it", `{"kind":"end","node":"0","id":"h1","err":"no"}` + left + code("1"), tree.Failed, "exit 1"},
		{"an unbound handler", handler + `{"kind":"skip","node":"0","id":"h1","text":"unbound"}` + left + code("0"), tree.Exited, "exit 0"},
		{"an unbound handler and no run", `{"kind":"register","node":"0","id":"h1","text":"unbound"}` + code("0"), tree.Exited, "exit 0"},
		{"a skipped handler", handler + `{"kind":"skip","node":"0","id":"h1","text":"deadline"}` + left + code("0"), tree.Failed, "exit 0"},
		{"unregistered", handler + `{"kind":"unregister","node":"0","id":"h1"}` + code("0"), tree.Exited, "exit 0"},
		{"handlers lost by exec are not bypassed", handler + `{"kind":"exec","node":"0"}` + code("0"), tree.Exited, "exit 0"},
	} {
		t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
			tr := tree.Fold(events(t, strings.ReplaceAll(c.events, `{"kind`, "\n"+`{"kind`)))
			if err := sound(tr); err != nil {
				t.Fatal(err)
			}
			n := tr.Node("0")
			if n.State != c.want || n.Outcome() != c.outcome {
				t.Errorf("%v, %q; want %v, %q", n.State, n.Outcome(), c.want, c.outcome)
			}
		})
	}
}
