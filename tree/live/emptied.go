package live

// Emptied is closed when the node and all below it are gone, as far as anybody
// can see, and the last event of them is in the stream. What Config.Keep leaves
// alone does not count. A node that has not been started yet is waited for; at
// the end of the session all are closed.
func (s *Session) Emptied(node string) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch := s.emptied[node]; ch != nil {
		return ch
	}
	ch := make(chan struct{})
	if s.ended {
		close(ch)
		return ch
	}
	s.emptied[node] = ch
	s.changed = true
	s.poke()
	return ch
}

// Exit is how the process of a node ended: its exit status, or the signal that
// ended it. It is not ok while it lives, when nobody saw the status, or of one that
// is no root and ended long ago.
func (s *Session) Exit(node string) (code int, sig string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.byID[node]
	if p == nil || !p.dead || !p.status.known {
		return 0, "", false
	}
	if p.status.sig != 0 {
		sig = SignalName(p.status.sig)
	}
	return p.status.code, sig, true
}

// settleEmptied ends the ladders that have done their work, and tells those who
// wait for nodes that are empty by now.
func (s *Session) settleEmptied() {
	if !s.changed {
		return
	}
	s.changed = false
	s.settleLadders() // told before anybody goes on
	for id, ch := range s.emptied {
		if p := s.byID[id]; p != nil && s.empty(p) || p == nil && s.was(id) {
			close(ch)
			delete(s.emptied, id)
		}
	}
}

// empty says that p and all below it are gone. The last look for somebody who was
// not seen so far is dear, and is had only once nobody is left who was.
func (s *Session) empty(p *proc) bool {
	if !p.dead {
		return false
	}
	for _, q := range s.live {
		if q.below(p) && !s.left(q) {
			return false
		}
	}
	if s.sweep() {
		return true
	}
	s.changed = true // somebody was found; whose it is will be seen
	return false
}

// sweep looks everywhere for processes that were not seen so far, and says that
// there are none.
func (s *Session) sweep() bool {
	if !s.swept {
		s.swept = s.search() == 0
	}
	return s.swept
}

// left says that p is what its command has left behind, and is to be left alone.
func (s *Session) left(p *proc) bool { return s.config.Keep && p.top != nil && p.top.dead }

// over says whether all is done: nobody lives who is not left alone, nobody
// carries our mark, or what lives cannot be ended.
func (s *Session) over() bool {
	for _, p := range s.live {
		if !s.left(p) && !(s.whole != nil && s.whole.killing && p.lost()) {
			return false
		}
	}
	if s.held && len(s.live) > 0 { // those who are left alone: it is not over whatever is found
		return false
	}
	return s.sweep() && !s.held
}

// idle says that a held session has nothing to look after, nor anything to tell.
func (s *Session) idle() bool { return s.held && s.swept && !s.changed && len(s.live) == 0 }

// farewell tells the last that is to be told before the end of the stream, and
// those who wait for anything.
func (s *Session) farewell() {
	if s.whole != nil && len(s.verdict.Survivors) == 0 {
		s.tellDone(s.whole)
	}
	s.tellRest()
	for id, ch := range s.emptied {
		close(ch)
		delete(s.emptied, id)
	}
	if root := s.byID["0"]; root == nil || !root.dead {
		close(s.rootGone)
	}
}
