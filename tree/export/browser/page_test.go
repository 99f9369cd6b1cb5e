package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// span is the part of the time that the page shows, in seconds, by its first and
// last mark.
func (p *page) span() (from, to float64) {
	p.t.Helper()
	// Pointing at both ends of the axis tells the times there.
	box := eval[[]float64](p, `(b => [b.left, b.right, b.top])(document.getElementById("axis").getBoundingClientRect())`)
	at := func(x float64) (s float64) {
		p.move(x, box[2]+5)
		p.until(`document.getElementById("cursor").style.display === "block"`)
		fmt.Sscanf(eval[string](p, `document.getElementById("when").textContent`), "%g", &s)
		return s
	}
	return at(box[0] + 1), at(box[1] - 1)
}

func (p *page) names() []string {
	p.t.Helper()
	return eval[[]string](p, `[...document.querySelectorAll(".row .name")].map(e => e.textContent)`)
}

// What the tests below rely on: that a page's troubles and requests are noticed.
func TestTroublesAreNoticed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bad.html")
	text := `<!DOCTYPE html><img src="http://127.0.0.1:1/pixel"><script>console.error("no"); window.x = 1; throw new Error("thrown")</script>`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := load(t, file, 800, 600)
	p.until("window.x === 1")
	all := strings.Join(p.wrong(file), "\n")
	for _, want := range []string{"console.error", "thrown", "http://127.0.0.1:1/pixel"} {
		if !strings.Contains(all, want) {
			t.Errorf("nobody noticed %s:\n%s", want, all)
		}
	}
}

// Everything that the page says it can do.
func TestPage(t *testing.T) {
	p := open(t, exported(t, shop(t), "shop.html"), 1440, 900)
	if got := len(p.names()); got != 26 {
		t.Errorf("%d rows", got)
	}
	if got := eval[string](p, `document.title`); got != "shop · multiexit" {
		t.Errorf("title %q", got)
	}
	p.run(t, "search", p.search)
	p.run(t, "hover", p.hover)
	p.run(t, "zoom", p.zoom)
	p.run(t, "findings", p.findings)
	p.run(t, "path", p.path)
	p.run(t, "log", p.log)
	p.run(t, "fold", p.fold)
	p.run(t, "keys", p.typing)
	p.run(t, "theme", p.themes)
}

func (p *page) run(t *testing.T, name string, test func(*testing.T)) {
	t.Run(name, func(t *testing.T) {
		of := p.t
		p.t = t
		defer func() { p.t = of }()
		test(t)
	})
}

func (p *page) search(t *testing.T) {
	p.keys("/worker-")
	p.until(`document.getElementById("hits").textContent === "4 of 26"`)
	p.until(`document.querySelectorAll(".row.dim").length === 22 && document.querySelectorAll(".row mark").length === 4`)
	p.keys("<Enter>")
	p.until(`document.querySelector(".row.on .name")?.textContent === "worker-1"`)
	p.keys("<Enter><Enter>")
	p.until(`document.querySelector(".row.on .name")?.textContent === "worker-3"`)
	p.keys("<Escape>")
	p.until(`document.getElementById("hits").textContent === "" && !document.querySelector(".row.dim")`)
	p.keys("/i/o timeout") // of a handler's error
	p.until(`document.getElementById("hits").textContent === "1 of 26"`)
	p.keys("<Escape>")
	p.keys("/no such thing")
	p.until(`document.getElementById("hits").textContent === "0 of 26"`)
	p.keys("<Enter><Escape>")
}

func (p *page) hover(t *testing.T) {
	x, y := p.spot(".bar.bad")
	p.move(x, y)
	p.until(`document.getElementById("tip").style.display === "block"`)
	tip := eval[string](p, `document.getElementById("tip").innerText`)
	for _, want := range []string{"notify-peers", "partition-1 7033", "failed", "shop.go:95", "i/o timeout"} {
		if !strings.Contains(tip, want) {
			t.Errorf("the tip does not say %q: %q", want, tip)
		}
	}
	inside := eval[bool](p, `(b => b.left >= 0 && b.right <= innerWidth && b.bottom <= innerHeight)(document.getElementById("tip").getBoundingClientRect())`)
	if !inside {
		t.Error("the tip sticks out")
	}
	p.move(700, 20)
	p.until(`document.getElementById("tip").style.display === "none"`)
}

func (p *page) zoom(t *testing.T) {
	from, to := p.span()
	if from > 0 || to < 3.25 {
		t.Errorf("at first it shows %g to %g s", from, to)
	}
	x, y := p.spot("#scroll")
	p.zoomBy(x, y, -300)
	p.until(`parseFloat(document.getElementById("view").style.width) < document.getElementById("map").clientWidth * 0.8`)
	if a, b := p.span(); a <= from || b >= to {
		t.Errorf("nearer it shows %g to %g s", a, b)
	}
	p.click("#fit", 1)
	p.until(`parseFloat(document.getElementById("view").style.left) < 1`)
	if a, b := p.span(); a != from || b != to {
		t.Errorf("all of it is %g to %g s", a, b)
	}
	box := eval[[]float64](p, `(b => [b.left, b.width, b.top])(document.getElementById("axis").getBoundingClientRect())`)
	p.drag(box[0]+box[1]/4, box[2]+8, box[0]+box[1]/2, box[2]+8)
	p.until(`parseFloat(document.getElementById("view").style.width) < document.getElementById("map").clientWidth * 0.3`)
	a, b := p.span()
	if b-a < 0.8 || b-a > 1.2 {
		t.Errorf("a quarter of it is %g to %g s", a, b)
	}
	p.drag(x, y, x-200, y) // pan
	p.until(`parseFloat(document.getElementById("view").style.left) > document.getElementById("map").clientWidth * 0.27`)
	if c, d := p.span(); c <= a || d <= b {
		t.Errorf("further right it is %g to %g s, it was %g to %g s", c, d, a, b)
	}
	p.keys("0")
	p.until(`parseFloat(document.getElementById("view").style.left) < 1`)
	p.click(".bar.bad", 2)
	p.until(`parseFloat(document.getElementById("view").style.width) < document.getElementById("map").clientWidth * 0.3`)
	p.keys("-------------------")
	p.until(`parseFloat(document.getElementById("view").style.width) > document.getElementById("map").clientWidth * 0.99`)
}

func (p *page) findings(t *testing.T) {
	if got := eval[int](p, `document.querySelectorAll(".finding").length`); got < 3 {
		t.Errorf("%d findings", got)
	}
	p.keys("g")
	p.until(`document.querySelector(".row.on .name")?.textContent === "supervisor"`)
	p.click(`.finding:nth-child(2)`, 1)
	p.until(`document.querySelector(".row.on .name")?.textContent === "partition-1" && document.querySelector(".bar.lit") && document.querySelector(".card.lit")`)
	if about := eval[string](p, `document.getElementById("process").innerText`); !strings.Contains(about, "dial 10.0.3.7:7946: i/o timeout") || !strings.Contains(about, "shared by queue-broker") {
		t.Errorf("about it: %q", about)
	}
}

func (p *page) path(t *testing.T) {
	p.keys("2")
	p.until(`!document.getElementById("path").hidden && document.getElementById("found").hidden`)
	steps := eval[[]string](p, `[...document.querySelectorAll(".step")].map(e => e.textContent)`)
	if len(steps) < 5 || !strings.Contains(strings.Join(steps, "\n"), "worker-4flush-wal") {
		t.Errorf("the path is %q", steps)
	}
	if got := eval[int](p, `document.querySelectorAll(".crit").length`); got != len(steps) {
		t.Errorf("%d of %d steps are lit", got, len(steps))
	}
	p.click(`.step:nth-child(3)`, 1)
	p.until(`document.querySelector(".row.on .name")?.textContent === "worker-4"`)
}

func (p *page) log(t *testing.T) {
	p.click("#tabs button:nth-child(3)", 1)
	p.until(`!document.getElementById("log").hidden && document.querySelectorAll(".say").length > 5`)
	p.scroll("log", 1e6)
	p.until(`document.querySelector(".say:last-child")?.textContent.includes("supervisor") && document.querySelector(".say:last-child")?.textContent.includes("SIGTERM")`)
	if got := eval[int](p, `document.querySelectorAll(".say").length`); got > 100 {
		t.Errorf("%d lines exist at once", got)
	}
}

func (p *page) fold(t *testing.T) {
	p.keys("g<ArrowDown>")
	p.until(`document.querySelector(".row.on .name")?.textContent === "api-gateway"`)
	p.keys("<Enter>")
	p.until(`document.querySelectorAll(".row").length === 20 && document.querySelector(".row.on .more")?.textContent === "+6"`)
	p.keys("<ArrowDown>")
	p.until(`document.querySelector(".row.on .name")?.textContent === "queue-broker"`)
	p.keys("/worker-2<Enter>") // a hit within what is folded shows it
	p.until(`document.querySelectorAll(".row").length === 26 && document.querySelector(".row.on .name")?.textContent === "worker-2"`)
	p.keys("<Escape>")
	p.click(".row .fold", 1)
	p.until(`document.querySelectorAll(".row").length === 1`)
	p.click(".row .fold", 1)
	p.until(`document.querySelectorAll(".row").length === 26`)
}

func (p *page) typing(t *testing.T) {
	p.keys("g")
	p.until(`document.querySelector(".row.on .name")?.textContent === "supervisor"`)
	p.keys("jj<ArrowDown>k")
	p.until(`document.querySelector(".row.on .name")?.textContent === "worker-1"`)
	p.keys("G")
	p.until(`document.querySelector(".row.on .name")?.textContent === "log-shipper"`)
	p.keys("++")
	p.until(`parseFloat(document.getElementById("view").style.width) < document.getElementById("map").clientWidth * 0.5`)
	before, _ := p.span()
	p.keys("<ArrowRight>")
	p.until(`document.getElementById("view").style.left !== ` + quote(eval[string](p, `"x"`)))
	p.keys("d")
	p.until(`parseFloat(document.getElementById("view").style.left) > document.getElementById("map").clientWidth * 0.3`)
	if after, _ := p.span(); after <= before {
		t.Errorf("d goes from %g to %g s", before, after)
	}
	p.keys("0?")
	p.until(`document.getElementById("keys").style.display === "block" && document.getElementById("keys").textContent.includes("fold, unfold")`)
	p.keys("<Escape>")
	p.until(`document.getElementById("keys").style.display === "none"`)
}

func (p *page) themes(t *testing.T) {
	const paper = `getComputedStyle(document.body).backgroundColor`
	p.prefers("light")
	if got := eval[string](p, paper); got != "rgb(251, 251, 253)" {
		t.Errorf("light is %s", got)
	}
	p.click("#theme", 1)
	p.until(paper + ` === "rgb(17, 20, 27)"`)
	p.prefers("dark")
	if got := eval[string](p, paper); got != "rgb(17, 20, 27)" {
		t.Errorf("dark is %s", got)
	}
}

// At every size everything is within the window.
func TestSizes(t *testing.T) {
	file := exported(t, shop(t), "shop.html")
	for _, size := range [][2]int64{{360, 640}, {640, 360}, {800, 600}, {1024, 768}, {1440, 900}, {2560, 1440}} {
		p := open(t, file, size[0], size[1])
		p.until(`document.querySelectorAll(".row .bar").length > 5`)
		for _, what := range eval[[]string](p, `["h1", "#total", "#search", "#help", "#chart", "#axis", "#theme"].filter(s => {
			const b = document.querySelector(s).getBoundingClientRect();
			return b.width < 5 || b.height < 5 || b.left < 0 || b.top < 0 || b.right > innerWidth + .5 || b.bottom > innerHeight + .5;
		})`) {
			t.Errorf("%d x %d: %s is not within the window", size[0], size[1], what)
		}
	}
}

// Whatever processes call themselves, it stays text.
func TestHostilePage(t *testing.T) {
	p := open(t, exported(t, hostile(t), "hostile.html", "--whole"), 1440, 1200)
	p.until(`document.querySelectorAll(".row").length > 30`)
	names := strings.Join(p.names(), "\n")
	for _, want := range []string{evil[0], evil[1], evil[4], "__proto__", "constructor", "{{js}}{{data}}", "日本語 🙂", "שלום עולם"} {
		if !strings.Contains(names, want) {
			t.Errorf("no row is called %q", want)
		}
	}
	for range len(evil) { // each of them, and its handlers
		p.keys("j")
	}
	p.keys("/<img")
	p.until(`document.querySelector(".row mark")?.textContent === "<img"`)
	p.keys("<Enter><Escape>123")
	for i := range 6 {
		x, y := p.spot(fmt.Sprintf(".row:nth-child(%d) .bar", i+1))
		p.move(x, y)
		p.until(`document.getElementById("tip").style.display === "block"`)
	}
	if eval[bool](p, `"pwned" in window || document.querySelectorAll("img, iframe, link, a, body svg[onload]").length > 0 || document.scripts.length !== 2`) {
		t.Error("a name became markup or script")
	}
	if eval[bool](p, `document.documentElement.scrollWidth > innerWidth`) {
		t.Error("a name makes the page wider than the window")
	}
}

// Ten thousand processes are as easy to look at as ten.
func TestManyProcesses(t *testing.T) {
	const n = 10_000
	file := exported(t, many(t, n), "many.html")
	if info, err := os.Stat(file); err != nil || info.Size() > 2000*n {
		t.Errorf("the page has %d bytes", info.Size())
	}
	p := open(t, file, 1440, 900)
	p.until(`document.querySelectorAll(".row .bar").length > 5`)
	p.keys("G")
	p.until(`document.querySelector(".row.on .name")?.textContent === "worker-9999"`)
	p.keys("/worker-777")
	p.until(`document.getElementById("hits").textContent === "11 of 10000"`)
	p.keys("<Enter>")
	p.until(`document.querySelector(".row.on .name")?.textContent === "worker-777"`)
	p.keys("<Escape>g<Enter>")
	p.until(`document.querySelectorAll(".row").length === 1`)
	p.keys("<Enter>")
	p.until(`document.querySelectorAll(".row").length > 20`)
	p.keys("3")
	if got := eval[int](p, `document.getElementsByTagName("*").length`); got > 5000 {
		t.Errorf("%d elements exist at once", got)
	}
}
