package exitreg

// aim is which handlers an observer means: those whose name matches the glob,
// or the one with the id; both, if both are given.
type aim struct{ glob, id string }

func (a aim) empty() bool { return a == aim{} }

func (a aim) hits(h *Handler) bool {
	return !a.empty() && (a.id == "" || a.id == h.id) && (a.glob == "" || a.glob == h.name || match(a.glob, h.name))
}

// String is the aim as the observer has written it.
func (a aim) String() string {
	if a.glob == "" {
		return a.id
	}
	return a.glob
}

// match says whether s matches a pattern in which * is any text and ? any
// character. Unlike in path.Match a slash is nothing special: names may have one.
func match(pattern, s string) bool {
	p, text := []rune(pattern), []rune(s)
	star, from := -1, 0 // the last *, and what it was tried up to
	i, j := 0, 0
	for j < len(text) {
		switch {
		case i < len(p) && p[i] == '*':
			star, from = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == text[j]):
			i++
			j++
		case star >= 0:
			from++
			i, j = star+1, from
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}
