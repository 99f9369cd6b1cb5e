package ui

import (
	"regexp"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/ui/canvas"
)

// prompt is the one line that is typed at the bottom of the output pane.
type prompt struct {
	kind    promptKind
	text    string
	root    string // promptStdin: whose
	history []string
	at      int // in history; its length: what is typed
	last    [promptAll]string
}

type promptKind uint8

const (
	promptNone promptKind = iota
	promptSearch
	promptFilter
	promptStdin
	promptAll
)

const promptHistory = 100

// openPrompt opens the line.
func (m *Model) openPrompt(kind promptKind) tea.Cmd {
	p := &m.output.prompt
	p.kind, p.text, p.at = kind, "", len(p.history)
	return nil
}

// askStdin opens the line whose text goes to the standard input of the selected
// command.
func (m *Model) askStdin() tea.Cmd {
	root := rootOf(m.cursor)
	switch {
	case m.opts.Driver == nil:
		m.notice = "this is a recording: nobody reads what is typed"
	case m.opts.ReadOnly:
		m.notice = onlyWatches
	case root == "":
	case !m.rootLives(root):
		m.notice = m.rootName(root) + " has ended: nobody reads what is typed"
	case m.terminals[root] != nil:
		return m.attach()
	default:
		m.turnTo(paneOutput)
		m.output.prompt.root = root
		return m.openPrompt(promptStdin)
	}
	return nil
}

// promptKey edits the line. Enter uses it, esc drops it.
func (m *Model) promptKey(msg tea.KeyMsg) tea.Cmd {
	p := &m.output.prompt
	switch msg.Type {
	case tea.KeyEnter:
		return m.promptDone()
	case tea.KeyEsc:
		p.kind = promptNone
	case tea.KeyBackspace:
		if p.text == "" {
			p.kind = promptNone
		} else {
			p.text = chop(p.text)
		}
	case tea.KeyCtrlU:
		p.text = ""
	case tea.KeyCtrlW:
		text := strings.TrimRight(p.text, " ")
		p.text = text[:strings.LastIndexByte(text, ' ')+1]
	case tea.KeyUp:
		p.recall(-1)
	case tea.KeyDown:
		p.recall(1)
	case tea.KeySpace, tea.KeyRunes:
		if !msg.Alt {
			p.text += printable(msg.Runes)
		}
	}
	return nil
}

// recall goes through what was sent before.
func (p *prompt) recall(n int) {
	if p.kind != promptStdin {
		p.text = p.last[p.kind]
		return
	}
	p.at = max(0, min(p.at+n, len(p.history)))
	p.text = ""
	if p.at < len(p.history) {
		p.text = p.history[p.at]
	}
}

func (m *Model) promptDone() tea.Cmd {
	p := &m.output.prompt
	kind, text := p.kind, p.text
	p.kind = promptNone
	if kind == promptStdin {
		return m.sendLine(p.root, text)
	}
	pattern, invert := text, false
	if kind == promptFilter {
		pattern, invert = strings.CutPrefix(text, "!")
	}
	re, err := compile(pattern)
	if err != nil {
		m.notice = err.Error()
		p.kind = kind
		return nil
	}
	p.last[kind] = pattern
	if kind == promptFilter {
		m.output.match, m.output.invert = re, invert
		m.output.forget()
		return nil
	}
	if re == nil { // an empty search ends it
		m.output.search = nil
		return nil
	}
	m.output.search = re
	m.nearestHit()
	return nil
}

// nearestHit goes to the newest line that is found, from the one that is selected
// upwards; if there is none, to the next one below.
func (m *Model) nearestHit() {
	o := &m.output
	for i := min(o.cur, len(o.lines)-1); i >= 0; i-- {
		if o.hit(i) {
			o.cur, o.follow = i, false
			return
		}
	}
	if o.older && len(o.lines) > 0 {
		o.wish = wish{open: true, search: true, back: true, before: o.lines[0].Seq}
		return
	}
	m.nextHit(false)
}

// compile reads a regular expression; without a capital letter in it, case does
// not matter. An empty one is none.
func compile(pattern string) (*regexp.Regexp, error) {
	if pattern == "" {
		return nil, nil
	}
	flags := "(?i)"
	if strings.ToLower(pattern) != pattern {
		flags = ""
	}
	re, err := regexp.Compile(flags + pattern)
	if err != nil {
		if _, plain := regexp.Compile(pattern); plain != nil {
			err = plain
		}
	}
	return re, err
}

// sendLine writes a line to a standard input.
func (m *Model) sendLine(root, text string) tea.Cmd {
	p := &m.output.prompt
	if text != "" && (len(p.history) == 0 || p.history[len(p.history)-1] != text) {
		p.history = append(p.history, text)
		if len(p.history) > promptHistory {
			p.history = p.history[1:]
		}
	}
	d := m.opts.Driver
	return func() tea.Msg {
		if err := d.Input(root, []byte(text+"\n")); err != nil {
			return NoticeMsg(err.Error())
		}
		return nil
	}
}

// paintPrompt draws the line into the last row of the pane, if it is open.
func (m *Model) paintPrompt(r rect) bool {
	p := &m.output.prompt
	if p.kind == promptNone {
		return false
	}
	c, t := m.canvas, &m.theme
	in := inside(r)
	y := in.y + in.h - 1
	c.Fill(in.x, y, in.w, 1, ' ', canvas.Style{})
	x, end := in.x+1, in.x+in.w-1
	switch p.kind {
	case promptSearch:
		x += c.Text(x, y, "/", t.Strong, end-x)
	case promptFilter:
		x += c.Text(x, y, "&", t.Strong, end-x)
	case promptStdin:
		x += c.Text(x, y, "send a line to stdin of ", t.Label, end-x)
		x += c.Text(x, y, m.rootName(p.root), t.Strong, end-x)
		x += c.Text(x, y, " ▸ ", t.Label, end-x)
	}
	text := p.text
	for over := canvas.Width(text) - (end - x - 1); over > 0 && text != ""; over = canvas.Width(text) - (end - x - 1) {
		text = string([]rune(text)[1:]) // its end is what is typed
	}
	x += c.Text(x, y, text, t.Normal, end-x)
	c.Set(x, y, m.glyphs.Caret, fg(t.Focus))
	return true
}
