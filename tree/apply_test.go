package tree_test

import (
	"strings"
	"testing"

	"multiexit/tree"
)

// Literal events, literal trees. The wanted picture leaves the last line (the
// counts) out where the case is not about it.
func TestApply(t *testing.T) {
	for _, c := range applyCases {
		t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
			tr := tree.Fold(events(t, c.events))
			if err := sound(tr); err != nil {
				t.Error(err)
			}
			got, want := trim(picture(tr)), trim(c.want)
			if !strings.Contains(want, "\nlive ") && !strings.HasPrefix(want, "live ") {
				got = trim(got[:strings.LastIndex(got, "live ")])
			}
			if got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// trim takes the indentation of the source off.
func trim(s string) string {
	s = strings.Trim(s, "\n\t")
	return strings.TrimSpace(strings.ReplaceAll(s, "\n\t\t", "\n"))
}

var applyCases = []struct{ name, events, want string }{
	{"nothing", ``, `live 0, exiting 0, stuck 0, exited 0, failed 0; last 0s`},
	{"birth and name", `
		{"t":5,"kind":"spawn","node":"0","pid":10,"name":"sh","argv":["sh"]}
		{"t":7,"kind":"hello","node":"0","name":"main","timeout":1000}
		{"t":8,"kind":"spawn","node":"0","pid":10,"name":"outside"}`, `
		0 main live pid=10 born=8ns reports grace=1µs`},
	{"an unknown node brings its ancestors", `{"t":3,"kind":"orphan","node":"0.1.2"}`, `
		0 ? live born=3ns
		  0.1 ? live born=3ns
		    0.1.2 ? live born=3ns orphan
		live 3, exiting 0, stuck 0, exited 0, failed 0; last 3ns`},
	{"what makes no node", `
		{"kind":"out","node":"0","text":"x"}
		{"kind":"note","node":"1","text":"remark"}
		{"kind":"spawn"}
		{"kind":"begin","node":"2"}
		{"kind":"wonder"}`, `
		2 ? live
		live 1, exiting 0, stuck 0, exited 0, failed 0; unknown 3; last 0s
		note 1 remark at 0s`},
	{"own before shared before inherited, newest first", `
		{"kind":"spawn","node":"0","name":"main"}
		{"kind":"register","node":"0.0","id":"h1","handler":"i1","shared":true,"from":"0"}
		{"kind":"register","node":"0.0","id":"h2","handler":"i2","shared":true,"from":"0","text":"unbound"}
		{"kind":"register","node":"0.0","id":"h3","handler":"s1","shared":true}
		{"kind":"register","node":"0.0","id":"h4","handler":"own1"}
		{"kind":"register","node":"0.0","id":"h5","handler":"s2","shared":true,"from":"0.0"}
		{"kind":"register","node":"0.0","id":"h6","handler":"own2","timeout":1000000}
		{"kind":"register","node":"0.0","id":"h7","handler":"gone"}
		{"kind":"unregister","node":"0.0","id":"h7"}`, `
		0 main live
		  0.0 ? live
		    | all: i1*<0=pending i2*<0=pending,unbound s1*=pending own1=pending s2*=pending own2=pending,limit:1ms gone=removed
		    | plan: own2 own1 s2* s1* i2*<0 i1*<0`},
	{"a run to its end", `
		{"t":1,"kind":"hello","node":"0","n":1,"name":"m"}
		{"t":2,"kind":"register","node":"0","n":2,"id":"h1","handler":"a"}
		{"t":3,"kind":"register","node":"0","n":3,"id":"h2","handler":"b"}
		{"t":10,"kind":"signal","node":"0","sig":"SIGTERM","sender":"multiexit"}
		{"t":11,"kind":"deliver","node":"0","n":4,"sig":"SIGTERM"}
		{"t":12,"kind":"begin","node":"0","n":5,"id":"h2"}
		{"t":15,"kind":"end","node":"0","n":6,"id":"h2","elapsed":2}
		{"t":16,"kind":"begin","node":"0","n":7,"id":"h1"}
		{"t":19,"kind":"end","node":"0","n":8,"id":"h1"}
		{"t":20,"kind":"leave","node":"0","n":9,"sig":"SIGTERM"}
		{"t":21,"kind":"exit","node":"0","sig":"SIGTERM"}
		{"t":22,"kind":"eof"}`, `
		0 m exited born=1ns reports SIGTERM@10ns began(SIGTERM)@11ns left gone(SIGTERM)@21ns
		  | all: a=done,16ns+3ns b=done,12ns+2ns
		  | ran: b a
		live 0, exiting 0, stuck 0, exited 1, failed 0; signal SIGTERM to 0 by "multiexit" at 10ns; shut SIGTERM to 0 by "multiexit" at 10ns; done; last 22ns`},
	{"in the middle of a run", `
		{"kind":"register","node":"0","id":"h1","handler":"a"}
		{"kind":"register","node":"0","id":"h2","handler":"b"}
		{"t":1,"kind":"deliver","node":"0","text":"exit","code":3}
		{"t":2,"kind":"begin","node":"0","id":"h2"}
		{"t":3,"kind":"wait","node":"0","id":"h2","text":"0.0"}
		{"t":3,"kind":"wait","node":"0","id":"h2","text":"4711"}`, `
		0 ? exiting began(exit 3)@1ns
		  | all: a=pending b=running,2ns+0s,for:0.0
		  | ran: b
		  | plan: a
		  0.0 ? exiting born=3ns
		live 0, exiting 2, stuck 0, exited 0, failed 0; shut exit 3 to 0 by "" at 1ns; last 3ns`},
	{"a hole in what it told", `
		{"kind":"hello","node":"0","n":1}
		{"kind":"register","node":"0","n":5,"id":"h4"}
		{"kind":"register","node":"0","n":5,"id":"h4"}
		{"kind":"note","node":"0","n":6,"text":"a hole is none where a note was"}
		{"kind":"register","node":"0","n":8,"id":"h6"}`, `
		0 ? live reports missed=4
		  | all: h4=pending h6=pending
		  | plan: h6 h4`},
	{"begin, deliver and register were lost", `
		{"t":9,"kind":"end","node":"0","id":"h2","elapsed":4,"err":"disk full"}`, `
		0 ? exiting born=9ns began()@9ns [1 handler failed]
		  | all: h2=failed,5ns+4ns,"disk full"
		  | ran: h2
		live 0, exiting 1, stuck 0, exited 0, failed 0; shut  to 0 by "" at 9ns; last 9ns`},
	{"late begin, end and leave after the exit", `
		{"kind":"register","node":"0","id":"h1"}
		{"t":1,"kind":"exit","node":"0","code":0}
		{"t":0,"kind":"begin","node":"0","id":"h1"}
		{"t":1,"kind":"end","node":"0","id":"h1"}
		{"t":1,"kind":"leave","node":"0","code":0}`, `
		0 ? exited began()@0s left gone(exit 0)@1ns
		  | all: h1=done,0s+1ns
		  | ran: h1
		live 0, exiting 0, stuck 0, exited 1, failed 0; last 1ns`},
	{"a late register and no end", `
		{"t":1,"kind":"exit","node":"0","code":0}
		{"kind":"register","node":"0","id":"h1"}
		{"kind":"register","node":"0","id":"h2","text":"unbound"}
		{"kind":"begin","node":"0","id":"h3"}`, `
		0 ? failed born=1ns began()@0s gone(exit 0)@1ns [1 handler bypassed, 1 lost while running]
		  | all: h1=lost h2=skipped,unbound,"unbound" h3=lost,0s+0s
		  | ran: h3`},
	{"a handler runs once, and is not taken back then", `
		{"t":1,"kind":"begin","node":"0","id":"h1"}
		{"t":2,"kind":"unregister","node":"0","id":"h1"}
		{"t":3,"kind":"skip","node":"0","id":"h1","text":"forced"}
		{"t":4,"kind":"end","node":"0","id":"h1"}
		{"t":5,"kind":"begin","node":"0","id":"h1"}
		{"t":6,"kind":"end","node":"0","id":"h1","err":"no"}
		{"t":7,"kind":"unregister","node":"0","id":"h1"}`, `
		0 ? exiting born=1ns began()@1ns
		  | all: h1=done,1ns+3ns
		  | ran: h1`},
	{"exec loses the handlers and the caught signals", `
		{"t":1,"kind":"hello","node":"0","n":1,"name":"a","timeout":5}
		{"t":1,"kind":"disposition","node":"0","sig":"SIGTERM","text":"caught"}
		{"t":2,"kind":"register","node":"0","n":2,"id":"h1","handler":"old"}
		{"t":3,"kind":"exec","node":"0","name":"b","argv":["b"],"prov":"kernel"}
		{"t":4,"kind":"register","node":"0","n":1,"id":"h1","handler":"new"}
		{"t":5,"kind":"unregister","node":"0","n":2,"id":"h1"}
		{"t":6,"kind":"exit","node":"0","code":0}`, `
		0 b exited born=1ns term=default gone(exit 0)@6ns [1 handler lost by exec]
		  | all: old=lost,"exec" new=removed`},
	{"a scan sees an exec after the hello", `
		{"kind":"spawn","node":"0","name":"sh","argv":["sh"]}
		{"t":2,"kind":"hello","node":"0","n":1,"name":"a","argv":["a","-v"]}
		{"t":2,"kind":"register","node":"0","n":2,"id":"h1"}
		{"t":3,"kind":"exec","node":"0","name":"a.out","argv":["a","-v"],"prov":"scan"}`, `
		0 a live reports
		  | all: h1=pending
		  | plan: h1`},
	{"a second hello is an exec that nobody saw", `
		{"t":1,"kind":"hello","node":"0","n":1,"name":"a"}
		{"t":1,"kind":"register","node":"0","n":2,"id":"h1","handler":"old"}
		{"t":2,"kind":"hello","node":"0","n":1,"name":"b"}
		{"t":2,"kind":"register","node":"0","n":2,"id":"h1","handler":"new"}`, `
		0 b live born=1ns reports [1 handler lost by exec]
		  | all: old=lost,"exec" new=pending
		  | plan: new`},
	{"eof: running is lost, pending in a living process is not", `
		{"kind":"register","node":"0","id":"h1"}
		{"t":1,"kind":"begin","node":"0","id":"h2"}
		{"t":2,"kind":"eof"}`, `
		0 ? exiting began()@1ns [1 handler lost while running]
		  | all: h1=pending h2=lost,1ns+0s,"the recording ends here"
		  | ran: h2
		  | plan: h1
		live 0, exiting 1, stuck 0, exited 0, failed 0; shut  to 0 by "" at 1ns; done; last 2ns`},
	{"leaving while a handler runs", `
		{"kind":"begin","node":"0","id":"h1"}
		{"t":1,"kind":"leave","node":"0","code":0}`, `
		0 ? exiting began()@0s left [1 handler lost while running]
		  | all: h1=lost,0s+0s,"its process left while it ran"
		  | ran: h1`},
	{"hold and release", `
		{"kind":"hold","node":"0","id":"h1"}
		{"kind":"hold","node":"1","id":"h1"}
		{"kind":"release","node":"1"}
		{"kind":"hold","node":"2","id":"h1"}
		{"t":1,"kind":"begin","node":"2","id":"h1"}`, `
		0 ? live held
		  | all: h1=pending
		  | plan: h1
		1 ? live
		  | all: h1=pending
		  | plan: h1
		2 ? exiting began()@1ns
		  | all: h1=running,1ns+0s
		  | ran: h1`},
	{"a new shutdown begins when none is under way", `
		{"t":1,"kind":"signal","node":"0","sig":"SIGTERM","sender":"multiexit"}
		{"t":2,"kind":"deliver","node":"0.0","sig":"SIGTERM"}
		{"t":3,"kind":"signal","node":"0.0","sig":"SIGUSR1","sender":"0"}
		{"t":4,"kind":"exit","node":"0.0","sig":"SIGTERM"}
		{"t":5,"kind":"exit","node":"0","sig":"SIGTERM"}
		{"t":6,"kind":"deliver","node":"1","text":"panic","err":"boom"}`, `
		0 ? exited born=1ns SIGTERM@1ns gone(SIGTERM)@5ns
		  0.0 ? exited born=2ns SIGTERM@2ns began(SIGTERM)@2ns gone(SIGTERM)@4ns
		1 ? exiting born=6ns began(panic: boom)@6ns
		live 0, exiting 1, stuck 0, exited 2, failed 0; signal SIGUSR1 to 0.0 by "0" at 3ns; shut panic: boom to 1 by "" at 6ns; last 6ns`},
}
