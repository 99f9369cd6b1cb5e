package ui

import (
	"testing"
	"testing/synctest"
)

func TestUsageIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { usageIsAsked(t) })
}

func usageIsAsked(t *testing.T) {
	w := watching(t, shop())
	w.asking = false
	cmd := w.send(NoticeMsg(""))
	if cmd == nil {
		t.Fatal("not asked")
	}
	if again := w.send(NoticeMsg("")); again != nil {
		t.Error("asked twice at the same time")
	}
	w.send(cmd())
	if u := w.usage["0"]; u.RSS != 4096 {
		t.Errorf("usage %+v", u)
	}
	w.send(usageMsg{})
	w.press("Z")
	w.asking = false
	if cmd := w.send(NoticeMsg("")); cmd != nil {
		t.Error("asked while the picture is not of now")
	}
}
