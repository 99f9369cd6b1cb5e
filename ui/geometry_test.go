package ui

import (
	"testing"
	"time"

	"multiexit/tree"
)

func TestLayoutFits(t *testing.T) {
	overlap := func(a, b rect) bool {
		return a.w > 0 && b.w > 0 && a.x < b.x+b.w && b.x < a.x+a.w && a.y < b.y+b.h && b.y < a.y+a.h
	}
	for w := range 260 {
		for h := range 80 {
			g := layout(w, h)
			screen := rect{0, 1, w, h - 2}
			for _, r := range []rect{g.body, g.stack, g.log} {
				if r.w > 0 && (r.x < 0 || r.y < 1 || r.x+r.w > w || r.y+r.h > screen.y+screen.h || r.h < 3) {
					t.Fatalf("%dx%d: %+v is not on the screen", w, h, r)
				}
			}
			if overlap(g.body, g.stack) || overlap(g.body, g.log) || overlap(g.stack, g.log) {
				t.Fatalf("%dx%d: panes overlap: %+v", w, h, g)
			}
			for _, r := range []rect{g.tree, g.lanes} {
				if r.w > 0 && (r.x <= g.body.x || r.x+r.w >= g.body.x+g.body.w || r.y+r.h != g.body.y+g.body.h-1) {
					t.Fatalf("%dx%d: %+v is not inside %+v", w, h, r, g.body)
				}
			}
		}
	}
}

func TestTiers(t *testing.T) {
	for _, tt := range []struct {
		w, h int
		want tier
	}{
		{39, 50, tierWord}, {200, 9, tierWord}, {40, 10, tierTree}, {59, 50, tierTree}, {200, 15, tierTree}, {60, 16, tierSmall},
		{99, 50, tierSmall}, {200, 29, tierSmall}, {100, 30, tierLanes}, {159, 50, tierLanes}, {160, 30, tierWide},
	} {
		if got := layout(tt.w, tt.h).tier; got != tt.want {
			t.Errorf("%dx%d is tier %d, want %d", tt.w, tt.h, got, tt.want)
		}
	}
}

func TestColumnsOfTheTree(t *testing.T) {
	for w := 20; w < 260; w++ {
		for _, lanes := range []bool{false, true} {
			c := columnsOf(1, w, lanes)
			if c.name < 6 || c.pid > 0 && c.pid <= c.name || c.state < c.name || c.state+c.stateW > 1+w || c.stack > 0 && c.stack+c.stackW > 1+w {
				t.Fatalf("width %d: %+v", w, c)
			}
		}
	}
	if c := columnsOf(1, 43, true); c.pid != 31 && c.pid != 32 || c.state != 33 {
		t.Errorf("beside the lanes: %+v", c)
	}
}

func TestAxisLabelsDoNotTouch(t *testing.T) {
	for _, span := range []time.Duration{40 * time.Microsecond, time.Millisecond, 7 * time.Millisecond, 130 * time.Millisecond, time.Second, 2014 * time.Millisecond, 9 * time.Second, 61 * time.Second, 17 * time.Minute, 5 * time.Hour} {
		for _, cols := range []int{20, 46, 62, 90, 200} {
			step := axisStep(span, cols)
			gap := float64(step) / float64(span) * float64(cols)
			for v := time.Duration(0); v <= span; v += step {
				if n := len(appendTick(nil, v, step)); float64(n)+1 > gap {
					t.Fatalf("%v in %d cells, step %v: a label of %d cells every %.1f", span, cols, step, n, gap)
				}
			}
			if span/step > 60 {
				t.Fatalf("%v in %d cells: step %v", span, cols, step)
			}
		}
	}
}

func TestFormats(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0µs", 850 * time.Microsecond: "850µs", 4230 * time.Microsecond: "4.2ms", 9960 * time.Microsecond: "10ms",
		616 * time.Millisecond: "616ms", 999600 * time.Microsecond: "1.00s", 1900 * time.Millisecond: "1.90s", 12340 * time.Millisecond: "12.3s",
		125 * time.Second: "2m05s", 3*time.Hour + 7*time.Minute: "3h07m", -1900 * time.Millisecond: "-1.90s",
	} {
		if got := string(tree.AppendTook(nil, d)); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := string(appendCount(nil, n)); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	for n, want := range map[uint64]string{0: "0 B", 999: "999 B", 1 << 10: "1.0 KiB", 25 << 20: "25 MiB", 3 << 30: "3.0 GiB", 1 << 63: "8.0 EiB"} {
		if got := string(appendBytes(nil, n)); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	for d, want := range map[time.Duration]string{0: "0m00.00s", 75398 * time.Millisecond: "1m15.40s", 59999 * time.Millisecond: "1m00.00s", 3723450 * time.Millisecond: "1h02m03.45s"} {
		if got := string(appendPlace(nil, d, 2*time.Hour)); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
	if got := string(appendPlace(nil, 12344*time.Millisecond, time.Minute)); got != "12.34s" {
		t.Error(got)
	}
	for d, want := range map[time.Duration]string{1720 * time.Millisecond: "+1.72s", -300 * time.Millisecond: "-0.30s", 200 * time.Second: "+3m20s"} {
		if got := string(appendClock(nil, d)); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}
