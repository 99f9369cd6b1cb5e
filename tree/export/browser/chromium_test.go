package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// deadline bounds every test. It is far more than anything needs.
const deadline = 6 * time.Minute

var chromium = sync.OnceValue(func() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
})

// The one browser of all tests; closeBrowser ends it.
var (
	theBrowser = sync.OnceValues(func() (context.Context, error) {
		o := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium()), chromedp.NoSandbox, chromedp.DisableGPU)
		for _, flag := range []string{"disable-quic", "disable-component-update", "disable-crash-reporter"} {
			o = append(o, chromedp.Flag(flag, true))
		}
		ctx, _ := chromedp.NewExecAllocator(context.Background(), o...)
		ctx, _ = chromedp.NewContext(ctx)
		closeBrowser = func() { chromedp.Cancel(ctx) }
		return ctx, chromedp.Do(ctx)
	})
	closeBrowser = func() {}
)

// page is a page in a tab of its own.
type page struct {
	context.Context
	t testing.TB

	mu       sync.Mutex
	requests []string
	troubles []string // exceptions, errors on the console, remarks of the browser
}

// open opens a file in a tab of a size. When the test ends nothing must have gone
// wrong in it, and it must have asked for nothing but itself.
func open(t testing.TB, file string, width, height int64) *page {
	t.Helper()
	p := load(t, file, width, height)
	t.Cleanup(func() {
		for _, what := range p.wrong(file) {
			t.Error(what)
		}
	})
	return p
}

// load opens a file and thinks nothing of it.
func load(t testing.TB, file string, width, height int64) *page {
	t.Helper()
	if chromium() == "" {
		t.Skip("no Chromium here: install one (Debian: apt-get install chromium) to test what is shown in it")
	}
	browser, err := theBrowser()
	if err != nil {
		t.Fatalf("Chromium does not start: %v", err)
	}
	p := &page{t: t}
	tab, closeTab := chromedp.NewContext(browser, chromedp.WithListener(p.hear))
	if err := chromedp.Do(tab); err != nil {
		t.Fatalf("no tab: %v", err)
	}
	ctx, cancel := context.WithTimeout(tab, deadline)
	p.Context = ctx
	t.Cleanup(func() {
		cancel()
		closeTab()
	})
	call(p, network.Enable, network.EnableParams{})
	call(p, log.Enable, cdp.Empty{})
	p.do(chromedp.EmulateViewport(width, height), chromedp.Navigate("file://"+file))
	return p
}

func (p *page) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, e.Request.URL)
	case *runtime.EventExceptionThrown:
		what := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			what += " " + e.ExceptionDetails.Exception.Description
		}
		p.troubles = append(p.troubles, what)
	case *runtime.EventConsoleAPICalled:
		p.troubles = append(p.troubles, fmt.Sprintf("console.%s", e.Type))
	case *log.EventEntryAdded:
		p.troubles = append(p.troubles, e.Entry.Text)
	}
}

// wrong is what went wrong, and what was asked for besides file.
func (p *page) wrong(file string) (all []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, what := range p.troubles {
		all = append(all, "the browser says: "+what)
	}
	if !slices.Equal(p.requests, []string{"file://" + file}) {
		all = append(all, fmt.Sprintf("it asked for %q", p.requests))
	}
	return all
}

func (p *page) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p, actions...); err != nil {
		p.t.Fatal(err)
	}
}

func call[P, R any](p *page, command cdp.Command[P, R], params P) {
	p.t.Helper()
	if _, err := chromedp.Call(p, command, params); err != nil {
		p.t.Fatalf("%s: %v", command.Method, err)
	}
}

// eval is the value of an expression of the page's.
func eval[T any](p *page, script string) T {
	p.t.Helper()
	value, err := chromedp.Run(p, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", script, err)
	}
	return value
}

// until waits for an expression to be true.
func (p *page) until(script string) {
	p.t.Helper()
	const limit = time.Minute
	for end := time.Now().Add(limit); !eval[bool](p, "!!("+script+")"); {
		if time.Now().After(end) {
			p.t.Fatalf("it is never so that %s", script)
		}
		eval[bool](p, "new Promise(r => requestAnimationFrame(() => r(true)))")
	}
}

// keys types. A word such as ArrowDown in angle brackets is that key.
func (p *page) keys(keys string) {
	p.t.Helper()
	for keys != "" {
		key := keys[:1]
		if end := strings.IndexByte(keys, '>'); key == "<" && end > 0 {
			key, keys = keys[1:end], keys[end+1:]
		} else {
			keys = keys[1:]
		}
		down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key}
		if len(key) == 1 {
			down.Text = key
		}
		call(p, input.DispatchKeyEvent, down)
		call(p, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: key})
	}
}

// spot is the middle of the first element that a selector finds.
func (p *page) spot(selector string) (x, y float64) {
	p.t.Helper()
	box := eval[[]float64](p, `(e => { const b = e.getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2]; })(document.querySelector(`+quote(selector)+`))`)
	return box[0], box[1]
}

func quote(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

func (p *page) mouse(kind input.DispatchMouseEventType, x, y float64, clicks int64) {
	p.t.Helper()
	e := input.DispatchMouseEventParams{Type: kind, X: x, Y: y, ClickCount: clicks}
	if clicks > 0 {
		e.Button, e.Buttons = input.MouseButtonLeft, 1
	}
	call(p, input.DispatchMouseEvent, e)
}

func (p *page) move(x, y float64) {
	p.t.Helper()
	p.mouse(chromedp.MouseMoved, x, y, 0)
}

func (p *page) click(selector string, times int64) {
	p.t.Helper()
	x, y := p.spot(selector)
	p.move(x, y)
	for n := int64(1); n <= times; n++ {
		p.mouse(chromedp.MousePressed, x, y, n)
		p.mouse(chromedp.MouseReleased, x, y, n)
	}
}

func (p *page) drag(fromX, fromY, toX, toY float64) {
	p.t.Helper()
	p.move(fromX, fromY)
	p.mouse(chromedp.MousePressed, fromX, fromY, 1)
	p.mouse(chromedp.MouseMoved, (fromX+toX)/2, toY, 1)
	p.mouse(chromedp.MouseMoved, toX, toY, 1)
	p.mouse(chromedp.MouseReleased, toX, toY, 1)
}

// zoomBy turns the wheel with control held.
func (p *page) zoomBy(x, y, by float64) {
	p.t.Helper()
	const control = 2
	call(p, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: chromedp.MouseWheel, X: x, Y: y, DeltaX: 0.01, DeltaY: by, Modifiers: control})
}

// prefers says whether the reader likes it dark or light.
func (p *page) prefers(scheme string) {
	p.t.Helper()
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	p.do(chromedp.Reload())
	p.mu.Lock()
	p.requests = p.requests[:1] // to load it again is no request of its own
	p.mu.Unlock()
}

// scroll scrolls an element.
func (p *page) scroll(id string, to int) {
	p.t.Helper()
	eval[int](p, fmt.Sprintf("document.getElementById(%q).scrollTop = %d", id, to))
}
