package ui

// retire lets go of the terminal of an earlier run that is not looked at: a
// command that is started again all day long has many. Its last state is kept,
// and it is seen again as one in a recording is.
func (m *Model) retire(t *terminal) {
	n := m.truth().Node(t.root)
	if t.live == nil || len(t.queue) > 0 || n == nil || !n.Past || alive(n) > 0 || m.terminal() == t {
		return
	}
	for i := len(m.tape) - 1; i >= t.first; i-- {
		if e := &m.tape[i]; e.Kind == "out" && e.Stream == ptyStream && rootOf(e.Node) == t.root {
			t.marks = []mark{{i + 1, t.live.state(), t.live.cols, t.live.rows}}
			break
		}
	}
	t.live, t.past, t.typed = nil, nil, nil
}

// cuts are the states from which on the terminals are kept: the newest that lies
// in the older half of the bytes, or if there is none, the oldest there is.
func (m *Model) cuts() map[string]mark {
	half, size := len(m.tape), 0
	for i := len(m.tape) - 1; i >= 0 && size < ptyMost/2; i-- {
		if e := &m.tape[i]; e.Kind == "out" && e.Stream == ptyStream {
			size += cost(e)
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
