package check

import "sort"

// asked is the moment in which a process was asked to end. The path goes on with
// whoever asked it, if that one was on its own way out; else with the last that
// was gone before, for which the one who asked may have waited.
func (w *walk) asked() {
	if by := w.asker(w.at); by != nil {
		w.to(by)
		w.floor, w.ended, w.asks = by.from, false, true
		return
	}
	if n := w.at.node; n.SigName == "SIGKILL" && n.Signalled <= w.at.from {
		w.back(w.start, Step{Kind: KindAsk}) // it was asked by nothing else
		return
	}
	i := sort.Search(len(w.gone), func(i int) bool { return w.gone[i].to > w.t })
	for i--; i >= 0 && w.gone[i].to >= w.start; i-- {
		if st := w.gone[i]; !w.met(st) {
			if st.to < w.t {
				w.back(st.to, Step{Kind: KindOrder})
			}
			w.to(st)
			return
		}
	}
	w.back(w.start, Step{Kind: KindAsk})
}

// asker is the process that asked st: the one whose patience with it was over; the
// sender of the signal; or, if nobody saw that, the nearest above it.
func (w *walk) asker(st *stay) *stay {
	if w.ended && w.could(st.killer) {
		return st.killer
	}
	if by := w.of[st.by]; by != nil && w.could(by) {
		return by
	}
	if by := st.waiter; by != nil && w.could(by) { // it did not pass on what it was asked itself
		return by
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
	return by.from <= w.t && by.to >= w.t && !w.met(by)
}
