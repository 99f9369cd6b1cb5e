package check

import "sort"

// asked is the moment in which a process was asked to end. The path goes on with
// whoever asked it, if that one was on its own way out; else with the last that
// was gone before, for which the one who asked may have waited.
func (w *walk) asked() {
	if by := w.asker(w.at); by != nil {
		w.to(by)
		w.asks = true
		return
	}
	i := sort.Search(len(w.gone), func(i int) bool { return w.gone[i].to > w.t })
	for i--; i >= 0 && w.gone[i].to >= w.start; i-- {
		if st := w.gone[i]; st != w.at && !w.seen[st] {
			if st.to < w.t {
				w.back(st.to, Step{Kind: KindOrder})
			}
			w.to(st)
			return
		}
	}
	w.back(w.start, Step{Kind: KindAsk})
}

// asker is the process that asked st: the sender of the signal; a process whose
// handler waits for it; or, if nobody saw the sender, the nearest above it.
func (w *walk) asker(st *stay) *stay {
	if by := w.of[st.by]; by != nil && w.could(by) {
		return by
	}
	for _, u := range w.waiters[st] {
		if u.from <= st.from && st.from <= u.to && w.could(u.stay) {
			return u.stay
		}
	}
	if st.by != "" {
		return nil
	}
	for p := st.node.Parent; p != nil; p = p.Parent {
		if by := w.of[p.ID]; by != nil && w.could(by) {
			return by
		}
	}
	return nil
}

// could says that a process was on its way out at this moment.
func (w *walk) could(by *stay) bool {
	return by != w.at && by.from <= w.t && by.to >= w.t && !w.seen[by]
}
