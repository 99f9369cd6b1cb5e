package ui

import (
	"math"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// deck is how the rows of the pane are shared out.
type deck struct {
	run    *tree.Handler   // the card on top, if one runs
	cards  []*tree.Handler // the rest, from the top
	runH   int             // rows of the running card
	step   int             // rows of a pending card
	ledger int             // rows at the bottom
	total  int             // of all handlers, for "popped 1 of 7"
}

func (m *Model) deckOf(n *tree.Node, h int) deck {
	m.brush.plan = n.AppendPlan(m.brush.plan[:0])
	m.brush.ledger = appendLedger(m.brush.ledger[:0], n)
	d := deck{run: n.Running(), cards: m.brush.plan, step: 2}
	d.total = len(d.cards) + len(m.brush.ledger)
	if d.run != nil {
		d.total++
		d.runH = 5
		if h < 12 {
			d.runH = 3
		}
	}
	d.ledger = ledgerRows(len(m.brush.ledger), h, h-d.runH-groups(d.cards)-2*len(d.cards)-2, d.run != nil || len(d.cards) > 0)
	if waits(n) && d.run == nil { // what says so goes before what is over
		d.ledger = min(d.ledger, max(0, h-heldRows-1))
	}
	if d.runH+groups(d.cards)+2*len(d.cards)+1 > h-d.ledger {
		d.step = 1
	}
	return d
}

// ledgerRows: all entries if there is room, else one line with the numbers. The
// ledger gives way to the deck.
func ledgerRows(entries, h, spare int, left bool) int {
	switch {
	case entries == 0 || h < 3:
		return 0
	case h < 12 && left:
		return 1
	case !left:
		return min(entries+1, max(1, h-3))
	}
	return min(entries+1, max(3, spare), max(3, h*2/5))
}

// groups is the number of lines that say where inherited cards come from.
func groups(cards []*tree.Handler) int {
	k := 0
	for i, h := range cards {
		if h.From != nil && (i == 0 || cards[i-1].From != h.From) {
			k++
		}
	}
	return k
}

func (m *Model) paintDeck(r rect, n *tree.Node) {
	d := m.deckOf(n, r.h)
	if d.total == 0 {
		used := m.paintHeld(r, n, &d)
		m.paintNoHandlers(rect{r.x, r.y + used, r.w, r.h - used}, n)
		return
	}
	y, bottom := r.y, r.y+r.h-d.ledger
	y += m.paintPopped(r, y)
	if d.run != nil {
		if y+d.runH > bottom {
			d.runH = 3
		}
		if d.runH == 3 {
			m.paintRunningSmall(r.x, y, r.w, d.run)
		} else {
			m.paintRunning(r.x, y, r.w, d.run)
		}
		y += d.runH
	}
	y += m.paintHeld(rect{r.x, y, r.w, bottom - y}, n, &d)
	m.paintCards(rect{r.x, y, r.w, bottom - y}, &d)
	if d.run == nil && len(d.cards) == 0 && !waits(n) {
		m.paintEmpty(rect{r.x, y, r.w, bottom - y}, n)
	}
	m.paintLedger(rect{r.x, bottom, r.w, d.ledger}, &d)
}

// paintCards draws the pending cards with a line before each origin. The selected
// one is always among them.
func (m *Model) paintCards(r rect, d *deck) {
	y, bottom := r.y, r.y+r.h
	at := indexOf(d.cards, m.card)
	skip := d.skip(at, r.h)
	if m.focus != paneStack {
		at = -1
	}
	depth := 0
	if d.run != nil {
		depth = 1
	}
	for i := skip; i < len(d.cards); i++ {
		h := d.cards[i]
		origin := h.From != nil && (i == skip || d.cards[i-1].From != h.From)
		need := 1
		if origin {
			need = 2
		}
		if left := len(d.cards) - i; y+need > bottom || y+need == bottom && left > 1 {
			b := append(m.brush.text[:0], "… "...)
			m.brush.text = append(appendCount(b, left), " more below"...)
			m.canvas.Bytes(r.x+3, min(y, bottom-1), m.brush.text, m.theme.Label, r.w-3)
			return
		}
		if origin {
			m.paintOrigin(r.x, y, r.w, h.From)
			y++
		}
		m.paintCard(r.x, y, r.w, h, len(d.cards)-i, depth, min(d.step, bottom-y))
		if i == at {
			m.paintCardCursor(r.x, y, r.w)
		}
		y += d.step
		depth++
	}
}

// skip is how many cards are left out above, so that the one at an index can be
// seen in h rows.
func (d *deck) skip(at, h int) int {
	if len(d.cards) == 0 {
		return 0
	}
	if at < len(d.cards)-1 {
		h-- // for how many are below
	}
	i := at
	for ; i >= 0; i-- {
		h--
		if i < at {
			h -= d.step - 1
		}
		if from := d.cards[i].From; from != nil && (i == 0 || d.cards[i-1].From != from) {
			h--
		}
		if h < 0 {
			break
		}
	}
	return min(i+1, max(0, at))
}

// indexOf is where the handler of an id is among the cards: those of ids that are
// gone are the first.
func indexOf(cards []*tree.Handler, id string) int {
	for i, h := range cards {
		if h.ID == id {
			return i
		}
	}
	return 0
}

// paintCardCursor marks the card that the keys mean.
func (m *Model) paintCardCursor(x, y, w int) {
	c, t := m.canvas, &m.theme
	c.Map(x, y, w, 1, func(_, _ int, cell *canvas.Cell) {
		switch {
		case t.Flat:
			cell.S.A |= canvas.Reverse
		default:
			cell.S.BG = t.Select
		}
		cell.S.A |= canvas.Bold
	})
	c.Set(x, y, m.glyphs.Bar, fg(t.Focus))
}

func (m *Model) paintOrigin(x, y, w int, from *tree.Node) {
	c, hue := m.canvas, &m.theme.Shared
	c.HLine(x, y, w, m.glyphs.Dash, fg(hue.Tone.at(.22)))
	s := fg(hue.Tone.at(.62))
	c.Set(x+3, y, ' ', s)
	c.Set(x+4, y, m.glyphs.Up, s)
	u := 5 + c.Text(x+5, y, " inherited from ", s, w-6)
	u += c.Text(x+u, y, from.Name, s, w-u-8)
	if from.PID > 0 {
		m.brush.text = append(appendInt(append(m.brush.text[:0], ' '), from.PID), ' ')
		c.Bytes(x+u, y, m.brush.text, s, w-u)
	}
}

// paintPopped lets the card that has just had its turn slide away to the right,
// and the deck close up after it. It returns the rows it still takes.
func (m *Model) paintPopped(r rect, y int) int {
	if len(m.brush.ledger) == 0 || r.h < 12 || !m.motion {
		return 0
	}
	h := m.brush.ledger[0]
	age := m.part(h.End, popTime)
	if h.State != tree.Done && h.State != tree.Broken || age < 0 || age >= 1 {
		return 0
	}
	m.paintLeaving(r.x, y, r.w, h, int(easeOut(age*1.7)*float64(r.w)), 1-easeOut(age*1.2))
	return int(math.Round(3 * (1 - easeOut((age-.45)/.55))))
}
