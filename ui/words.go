package ui

import (
	"encoding/json"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// word is one of the observer's side of the protocol of exitreg, as a Driver
// gives it to the processes that a pattern means.
type word struct {
	Do      string        `json:"do"`
	Handler string        `json:"handler,omitzero"` // a glob
	ID      string        `json:"id,omitzero"`      // of one handler
	On      string        `json:"on,omitzero"`      // "signal" or "exit": a breakpoint there
	Sig     string        `json:"sig,omitzero"`     // a glob
	Fault   string        `json:"fault,omitzero"`
	NS      time.Duration `json:"ns,omitzero"`
	Code    int           `json:"code,omitzero"`
}

func (w word) line() string {
	text, err := json.Marshal(w)
	if err != nil {
		panic(err) // of strings and numbers
	}
	return string(text)
}

// everybody is the pattern that means all processes, those to come included.
const everybody = "*"

// tellThem gives a word to the processes that each pattern means.
func (m *Model) tellThem(w word, patterns ...string) tea.Cmd {
	d, line := m.opts.Driver, w.line()
	return report(func() error {
		for _, p := range patterns {
			if err := d.Order(p, line); err != nil {
				return err
			}
		}
		return nil
	})
}

// order is what stands once the processes of a pattern have been given a word.
func (w word) order(pattern string) tree.Order {
	o := tree.Order{Pattern: pattern, Word: w.Do, Handler: w.Handler, ID: w.ID, Sig: w.Sig, Time: w.NS, Code: w.Code}
	switch {
	case w.Do == "fault":
		o.Word = w.Fault
	case w.Do == "hold" && w.On != "":
		o.Word = "break"
	}
	return o
}

// saidBy is the word that made an order stand.
func saidBy(o tree.Order) word {
	w := word{Do: o.Word, Handler: o.Handler, ID: o.ID, Sig: o.Sig, NS: o.Time, Code: o.Code}
	switch {
	case o.Fault():
		w.Do, w.Fault = "fault", o.Word
	case o.Word == "break":
		w.Do, w.On = "hold", "signal"
		if o.Sig == "" {
			w.On = "exit"
		}
	}
	return w
}

// takeBack makes an order stand no more.
func (m *Model) takeBack(o tree.Order) tea.Cmd { return m.tellThem(unsays(o), o.Pattern) }

// unsays is the word that takes an order back.
func unsays(o tree.Order) word {
	w := saidBy(o)
	switch {
	case o.Fault():
		w.Fault, w.NS, w.Code = "none", 0, 0
	case o.Word == "pace":
		w.NS = 0
	default:
		w.Do = "release"
	}
	return w
}
