package browser

import (
	"os"
	"testing"
)

// A browser shows the picture: all texts lie in it, and each label in its bar.
func TestPicture(t *testing.T) {
	for name, c := range map[string]struct {
		recording string
		flags     []string
	}{
		"dark": {shop(t), nil}, "light": {shop(t), []string{"--theme", "light"}},
		"hostile": {hostile(t), []string{"--whole"}}, "many": {many(t, 10_000), nil},
	} {
		t.Run(name, func(t *testing.T) {
			file := exported(t, c.recording, "picture.svg", c.flags...)
			if info, err := os.Stat(file); err != nil || info.Size() > 1<<20 {
				t.Errorf("%d bytes, %v", info.Size(), err)
			}
			p := open(t, file, 1300, 1000)
			if got := eval[string](p, `document.documentElement.tagName`); got != "svg" {
				t.Fatalf("it is a %s", got)
			}
			for _, what := range eval[[]string](p, `(() => {
				const svg = document.documentElement, [, , w, h] = svg.getAttribute("viewBox").split(" ").map(Number), out = [];
				for (const t of svg.querySelectorAll("text")) {
					const b = t.getBBox();
					if (b.x < 0 || b.y < 0 || b.x + b.width > w || b.y + b.height > h) out.push("the picture: " + t.textContent);
				}
				for (const g of svg.querySelectorAll("g > g")) {
					const bar = g.querySelector("rect"), b = bar && bar.getBBox();
					for (const t of g.querySelectorAll("text")) {
						const l = t.getBBox();
						if (l.width > 0 && l.x + l.width > b.x + b.width + 1) out.push("its bar: " + t.textContent);
					}
				}
				return out.slice(0, 9);
			})()`) {
				t.Errorf("it sticks out of %s", what)
			}
			if texts := eval[int](p, `document.querySelectorAll("text").length`); texts < 50 {
				t.Errorf("only %d texts", texts)
			}
			if eval[bool](p, `"pwned" in window || document.querySelector("script, image, foreignObject, a") !== null`) {
				t.Error("a name became more than text")
			}
		})
	}
}
