package exitreg

import (
	"context"
	"strings"
	"testing"
	"time"
)

var (
	testShared  = Define("manifest test", errFunc)
	testShared2 = Define("manifest test 2", errFunc)
)

// Rules 23 and 24: what crosses exec, in both directions.
func TestManifest(t *testing.T) {
	parent := newFake(t)
	parent.install()
	parent.Share(testShared, Timeout(time.Second), Key("k"))
	parent.Share(testShared2, Timeout(-time.Second), Needs("a", "p/*"))
	want := `{"v":1,"parent":{"pid":4711,"start":99},"shared":[` +
		`{"name":"manifest test","src":"manifest_test.go:19","key":"k","timeout":1000000000,"pid":4711,"start":99},` +
		`{"name":"manifest test 2","src":"manifest_test.go:20","needs":["a","p/*"],"pid":4711,"start":99}]}`
	if got := parent.env[sharedEnv]; got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}

	child := newFake(t)
	child.sys.self = func() identity { return identity{5, 50} }
	child.env[sharedEnv] = want
	child.install()
	hs := child.Inherited()
	if len(hs) != 2 || hs[0].name != "manifest test" || hs[0].timeout != time.Second || hs[0].key != "k" || hs[0].source() != "manifest_test.go:19" {
		t.Fatalf("adopted %+v", hs)
	}
	if needs := hs[1].needs; len(needs) != 2 || needs[1] != "p/*" {
		t.Errorf("needs %q", needs)
	}
	if child.parent != (identity{4711, 99}) {
		t.Errorf("the parent is %v", child.parent)
	}
	// Its children look to it, but the handlers are still of whom they were.
	if got := child.env[sharedEnv]; got != strings.Replace(want, `"parent":{"pid":4711,"start":99}`, `"parent":{"pid":5,"start":50}`, 1) {
		t.Errorf("handed on %s", got)
	}
	for _, h := range hs {
		h.Unregister()
	}
	if got, there := child.env[sharedEnv]; there {
		t.Errorf("nothing to hand on, but %s", got)
	}
	close(parent.signals)
	close(child.signals)
}

// A program that shares and never installs drives nobody: its children look to
// whom it would have looked to.
func TestManifestWithoutInstall(t *testing.T) {
	f := newFake(t)
	f.env[sharedEnv] = `{"v":1,"parent":{"pid":7,"start":70},"shared":[{"name":"x","pid":7,"start":70}]}`
	h := f.Share(testShared)
	if got := f.env[sharedEnv]; !strings.HasPrefix(got, `{"v":1,"parent":{"pid":7,"start":70},"shared":[{"name":"x","pid":7,"start":70},{"name":"manifest test"`) {
		t.Errorf("handed on %s", got)
	}
	if len(f.Inherited()) != 0 || !h.Unregister() || strings.Contains(f.env[sharedEnv], "manifest test") {
		t.Errorf("after Unregister: %s", f.env[sharedEnv])
	}
	f = newFake(t)
	f.Share(testShared)
	if got := f.env[sharedEnv]; strings.Contains(got, "parent") {
		t.Errorf("nobody drives, but %s", got)
	}
}

// What would make the record too long stays here, and says so.
func TestManifestFull(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fake) {
		var last *Handler
		n := 0
		for ; n < 1000; n++ {
			if last = f.Share(testShared, Key(strings.Repeat("k", 1000)+string(rune('a'+n)))); last.Err() != nil {
				break
			}
		}
		if n < 50 || n > 64 || len(f.env[sharedEnv]) > manifestMax {
			t.Errorf("%d were handed down in %d bytes", n, len(f.env[sharedEnv]))
		}
		if err := last.Err(); !strings.Contains(err.Error(), "cannot be handed down") || len(f.said) != 1 {
			t.Errorf("%v, said %q", err, f.said)
		}
		child := newFake(t)
		child.env = f.env
		child.install(Signals())
		if len(child.Inherited()) != n {
			t.Errorf("the child has %d", len(child.Inherited()))
		}
		f.want(f.exit(0), "", "code 1", 0) // they fail, all of them
		if len(f.outs) != n+1 {
			t.Errorf("%d ran here", len(f.outs))
		}
	})
}

// A Define that comes after Install is better late than never.
func TestLateDefine(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fake) {
		f.env[sharedEnv] = `{"v":1,"shared":[{"name":"defined never","pid":7},{"name":"defined late","pid":7}]}`
		f.install()
		if definition("defined late") == nil { // -count=2 has one program
			Define("defined late", func(ctx context.Context) error { return CauseFrom(ctx) })
		}
		f.want(f.exit(0), "", "code 1", 0)
		if o := f.outs; len(o) != 2 || o[0].text != "exit 0" || o[1].why != "unbound" {
			t.Errorf("outcomes %+v", o)
		}
	})
}
