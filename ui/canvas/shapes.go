package canvas

// block is a glyph that is a rectangle: its edges as parts of the cell.
type block struct{ x0, y0, x1, y1 float64 }

// joins says that two of them side by side are one longer one.
func (b block) joins() bool { return b.x0 == 0 && b.x1 == 1 }

// thin and thick are half the strength of lines, as parts of a cell's height;
// lines that stand have the same strength in pixels.
const (
	thin   = .5 / cellH
	thick  = 1.4 / cellH
	thinW  = .5 / cellW
	thickW = 1.4 / cellW
)

var blocks = map[rune]block{
	'─': {0, .5 - thin, 1, .5 + thin}, '━': {0, .5 - thick, 1, .5 + thick},
	'│': {.5 - thinW, 0, .5 + thinW, 1}, '┃': {.5 - thickW, 0, .5 + thickW, 1},
	'╺': {.5, .5 - thick, 1, .5 + thick}, '╸': {0, .5 - thick, .5, .5 + thick},
	'▀': {0, 0, 1, .5}, '▄': {0, .5, 1, 1}, '█': {0, 0, 1, 1},
	'▌': {0, 0, .5, 1}, '▎': {0, 0, .25, 1}, '▏': {0, 0, .125, 1},
}

// strokes are the glyphs that are lines, as SVG paths in a cell of 8.4 by 18.
var strokes = map[rune]string{
	'╭': "M4.2 18V13A4.2 4 0 0 1 8.4 9", '╮': "M4.2 18V13A4.2 4 0 0 0 0 9",
	'╰': "M4.2 0V5A4.2 4 0 0 0 8.4 9", '╯': "M4.2 0V5A4.2 4 0 0 1 0 9",
	'├': "M4.2 0V18M4.2 9H8.4", '┬': "M0 9H8.4M4.2 9V18", '┴': "M0 9H8.4M4.2 0V9",
	'╌': "M0.6 9H3.4M5 9H7.8",
}

func (p *picture) block(b block, x, end int, top float64, color Color) {
	w := b.x1 - b.x0
	if b.joins() {
		w = float64(end - x)
	}
	p.rect(float64(x)+b.x0, b.y0, w, b.y1-b.y0, top, color)
}
