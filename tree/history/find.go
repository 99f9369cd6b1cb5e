package history

import (
	"fmt"
	"strconv"
	"strings"
)

// Find is the entry that a reference means: "@1" the newest, "@2" the one before;
// an id or the beginning of one, with or without the @.
func (s *Store) Find(ref string) (*Entry, error) {
	list, err := s.List()
	if err != nil {
		return nil, err
	}
	return Pick(list, ref)
}

// Pick is Find in a list.
func Pick(list []Entry, ref string) (*Entry, error) {
	word := strings.TrimPrefix(ref, "@")
	if n, err := strconv.Atoi(word); err == nil {
		if n < 1 || n > len(list) {
			return nil, fmt.Errorf("the history has %s", runs(len(list)))
		}
		return &list[n-1], nil
	}
	var found *Entry
	for i := range list {
		switch e := &list[i]; {
		case word == "" || !strings.HasPrefix(e.ID, word):
		case e.ID == word:
			return e, nil
		case found != nil:
			return nil, fmt.Errorf("it can be %s or %s", found.ID, e.ID)
		default:
			found = e
		}
	}
	if found == nil {
		return nil, fmt.Errorf("no run of the history, which has %s", runs(len(list)))
	}
	return found, nil
}

// Newest is the newest entry whose session is over; nil if there is none.
func Newest(list []Entry) *Entry {
	for i := range list {
		if list[i].State != Running {
			return &list[i]
		}
	}
	return nil
}

func runs(n int) string {
	switch n {
	case 0:
		return "no runs yet"
	case 1:
		return "1 run"
	}
	return strconv.Itoa(n) + " runs"
}
