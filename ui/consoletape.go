package ui

// retire lets go of the terminal of an earlier run that is not looked at: a
// command that is started again all day long has many. Its last state is kept,
// and it is seen again as one in a recording is.
func (m *Model) retire(t *terminal) {
	n := m.truth().Node(t.root)
	if t.live == nil || len(t.queue) > 0 || n == nil || !n.Past || alive(n) > 0 || m.terminal() == t {
		return
	}
	if chunks := m.index.of(t.root).chunks; len(chunks) > 0 {
		t.marks = []mark{{int(chunks[len(chunks)-1]) + 1, t.live.state(), t.live.cols, t.live.rows}}
	}
	t.live, t.past, t.typed = nil, nil, nil
}

// cuts are the states from which on the terminals are kept: the newest that lies
// in the older half of the bytes, or if there is none, the oldest there is.
func (m *Model) cuts() map[string]mark {
	half, size := m.tape.Len(), 0
	for i := m.tape.Len() - 1; i >= 0 && size < ptyMost/2; i-- {
		if m.tape.Kind(i) == "out" {
			if e := m.event(i); e.Stream == ptyStream {
				size += cost(e)
			}
		}
		half = i
	}
	cut := map[string]mark{}
	for root, t := range m.terminals {
		if len(t.marks) == 0 {
			continue
		}
		k := t.nearest(half)
		if k.text == "" {
			k = t.marks[0]
		}
		cut[root] = k
	}
	return cut
}
