package ui

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// compareKeys are the keys of a comparison and their help.
type compareKeys struct {
	Next, Prev, First, Last    key.Binding
	PageUp, PageDown           key.Binding
	Side, Before, After, Open  key.Binding
	View, Repaint, Help        key.Binding
	Suspend, Quit, Interrupted key.Binding
}

func newCompareKeys() compareKeys {
	return compareKeys{
		Next:        bind("↑↓ jk nN", "next, previous difference", "j", "down", "n"),
		Prev:        bind("", "", "k", "up", "N"),
		First:       bind("g G", "first, last", "g", "home"),
		Last:        bind("", "", "G", "end"),
		PageUp:      bind("⇞⇟", "scroll the processes", "pgup", "ctrl+b"),
		PageDown:    bind("", "", "pgdown", "ctrl+f"),
		Side:        bind("⇥", "the other run", "tab", "shift+tab"),
		Before:      bind("←→ hl", "run A, run B", "left", "h"),
		After:       bind("", "", "right", "l"),
		Open:        bind("⏎", "open that moment of the run", "enter"),
		View:        bind("v", "view, all or what has changed", "v"),
		Repaint:     bind("ctrl+l", "repaint", "ctrl+l"),
		Help:        bind("?", "help", "?"),
		Suspend:     bind("ctrl+z", "suspend", "ctrl+z"),
		Quit:        bind("q", "leave", "q", "esc"),
		Interrupted: bind("", "", "ctrl+c"),
	}
}

// group is the whole help.
func (k *compareKeys) group() keyGroup {
	return group("Compare", k.Next, k.First, k.PageUp, k.Side, k.Before, k.Open, k.View, k.Repaint, k.Help, k.Suspend, k.Quit)
}

// hints are the keys of the footer, the most useful first.
func (c *Comparison) hints() []key.Binding {
	k := &c.keys
	open := bind(k.Open.Help().Key, "open it in "+sideNames[c.run()], "enter")
	next := bind("j", k.Next.Help().Desc, "j")
	return []key.Binding{next, open, k.Side, k.View, k.PageUp, k.Help, k.Quit}
}

func (c *Comparison) onKey(msg tea.KeyMsg) tea.Cmd {
	c.notice, c.dirty = "", true
	k, press := &c.keys, msg.String()
	is := func(b key.Binding) bool { return slices.Contains(b.Keys(), press) }
	switch {
	case is(k.Interrupted) && c.look.Inside:
		return func() tea.Msg { return backMsg{} } // what runs below is not to be stopped from here
	case is(k.Interrupted):
		return tea.Quit
	case torn(msg):
		return nil
	case c.help:
		c.help = false
		return nil
	case is(k.Quit) && c.look.Inside:
		return func() tea.Msg { return backMsg{} }
	case is(k.Quit):
		return tea.Quit
	case is(k.Open):
		return c.open()
	case is(k.Repaint):
		return tea.ClearScreen
	case is(k.Suspend):
		return tea.Suspend
	}
	c.move(is)
	return nil
}

// move is a key that only changes what is looked at.
func (c *Comparison) move(is func(key.Binding) bool) {
	k := &c.keys
	switch {
	case is(k.Next):
		c.choose(c.cur + 1)
	case is(k.Prev):
		c.choose(c.cur - 1)
	case is(k.First):
		c.choose(0)
	case is(k.Last):
		c.choose(len(c.items) - 1)
	case is(k.PageUp):
		c.scroll(-c.layout().lanes.h)
	case is(k.PageDown):
		c.scroll(c.layout().lanes.h)
	case is(k.Side):
		c.side = 1 - c.side
	case is(k.Before):
		c.side = 0
	case is(k.After):
		c.side = 1
	case is(k.View):
		c.view = (c.view + 1) % compareViews
		c.arrange()
		c.say([...]string{"both lanes of what has changed", "both lanes of all", "only what has changed"}[c.view])
	case is(k.Help):
		c.help = true
	}
}

func (c *Comparison) say(notice string) { c.notice, c.dirty = notice, true }

// choose selects an item. Without any the keys scroll the lanes.
func (c *Comparison) choose(i int) {
	if len(c.items) == 0 {
		c.scroll(i - c.cur)
		return
	}
	c.cur, c.dirty = max(0, min(i, len(c.items)-1)), true
	c.reveal()
}

func (c *Comparison) scroll(n int) {
	c.top = max(0, min(c.top+n, len(c.shown)-c.layout().lanes.h))
	c.dirty = true
}

// reveal scrolls to the selected item and to its process.
func (c *Comparison) reveal() {
	if c.height == 0 {
		return // it has no size yet
	}
	g := c.layout()
	if first, end := c.linesOf(c.cur); first >= 0 {
		c.above = min(max(c.above, end-(g.list.h-2)), first)
	}
	c.above = max(0, min(c.above, len(c.list)-(g.list.h-2)))
	if len(c.items) > 0 {
		first, end := -1, 0
		for i, l := range c.shown {
			if l.row == c.items[c.cur].row {
				if first < 0 {
					first = i
				}
				end = i + 1
			}
		}
		if first >= 0 {
			c.top = min(max(c.top, end+1-g.lanes.h), max(0, first-1))
		}
	}
	c.scroll(0)
}

func (c *Comparison) onMouse(ev tea.MouseEvent) {
	g, n := c.layout(), 0
	switch {
	case ev.Button == tea.MouseButtonWheelUp:
		n = -1
	case ev.Button == tea.MouseButtonWheelDown:
		n = 1
	}
	inList := g.list.contains(ev.X, ev.Y)
	switch {
	case n != 0 && inList:
		c.choose(c.cur + n)
	case n != 0:
		c.scroll(n * wheelLines)
	case ev.Action != tea.MouseActionPress || ev.Button != tea.MouseButtonLeft:
	case inList:
		if i := c.above + ev.Y - g.list.y - 1; ev.Y > g.list.y && i < len(c.list) {
			c.choose(c.list[i].item)
		}
	case g.body.contains(ev.X, ev.Y):
		if i := c.top + ev.Y - g.lanes.y; ev.Y >= g.lanes.y && i < len(c.shown) {
			c.lookAt(c.shown[i].side)
			c.chooseRow(c.shown[i].row)
		}
	case ev.Y == 0:
		for side, r := range c.heads {
			if r.contains(ev.X, ev.Y) {
				c.lookAt(side)
			}
		}
	}
}

// lookAt goes to a side; a line that stands for both changes nothing.
func (c *Comparison) lookAt(side int) {
	if side != bothSides {
		c.side, c.dirty = side, true
	}
}

// chooseRow selects the first item of a row, if it has any.
func (c *Comparison) chooseRow(row int) {
	for i := range c.items {
		if c.items[i].row == row {
			c.choose(i)
			return
		}
	}
}
