package ui

// layout puts everything in its place on a screen of w by h cells. Row 0 is the
// header, the last one the footer.
func layout(w, h int) geometry {
	g := geometry{tier: tierOf(w, h), footer: h - 1}
	high := h - 2 // between header and footer
	switch g.tier {
	case tierTree:
		g.body = rect{0, 1, w, high}
		g.tree = inside(g.body)
	case tierSmall:
		low := max(7, high*4/10)
		g.body = rect{0, 1, w, high - low}
		g.tree = inside(g.body)
		g.stack = rect{0, 1 + high - low, w, low}
	case tierLanes:
		low := max(9, high*2/5)
		left := w * 52 / 100
		g.lanesBody(w, high-low, 44)
		g.stack = rect{0, 1 + high - low, left, low}
		g.log = rect{left, g.stack.y, w - left, low}
	case tierWide:
		const side = 56
		low := max(10, high/4)
		g.lanesBody(w-side, high, 52)
		g.stack = rect{w - side, 1, side, high - low}
		g.log = rect{w - side, 1 + high - low, side, low}
	}
	return g
}

func tierOf(w, h int) tier {
	switch {
	case w < 40 || h < 10:
		return tierWord
	case w < 60 || h < 16:
		return tierTree
	case w < 100 || h < 30:
		return tierSmall
	case w < 160:
		return tierLanes
	}
	return tierWide
}

// lanesBody: tree and lanes in one frame with a divider in column split, one row
// of headings above both.
func (g *geometry) lanesBody(w, h, split int) {
	g.body = rect{0, 1, w, h}
	g.tree = rect{1, 3, split - 1, h - 3}
	g.lanes = rect{split + 2, 3, w - split - 4, h - 3}
}

func inside(r rect) rect { return rect{r.x + 1, r.y + 1, r.w - 2, r.h - 2} }

// divider is the column between tree and lanes.
func (g *geometry) divider() int { return g.lanes.x - 2 }

// geometry is the layout of the screen as it is now: with a pane zoomed, that
// pane has all rows between header and footer.
func (m *Model) geometry() geometry {
	g := layout(m.width, m.height)
	if g.tier == tierWide && m.low == paneWhy { // it has more to say than the log has
		more := max(0, (m.height-2)/2-g.log.h)
		g.stack.h -= more
		g.log.y, g.log.h = g.log.y-more, g.log.h+more
	}
	if !m.zoom || g.tier < tierSmall {
		return g
	}
	all := rect{0, 1, m.width, m.height - 2}
	none := rect{}
	switch {
	case m.focus == paneTree && g.lanes.w > 0:
		g.lanesBody(all.w, all.h, g.lanes.x-2)
		g.stack, g.log = none, none
	case m.focus == paneTree:
		g.body, g.tree, g.stack = all, inside(all), none
	case g.tier == tierSmall || m.focus == paneStack:
		g.body, g.tree, g.lanes, g.log, g.stack = none, none, none, none, all
	default:
		g.body, g.tree, g.lanes, g.stack, g.log = none, none, none, none, all
	}
	return g
}
