package remote

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestSessions(t *testing.T) {
	st := serve(t, nil)
	second, err := Serve(ServeOptions{Session: st.session, Spool: st.spool, Header: header, Dir: st.dir})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if second.Path() == st.Path() {
		t.Fatal("one path for two")
	}
	// One that was killed, and what is no socket of ours.
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(st.dir, "4000000.sock"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false)
	dead.Close()
	other := filepath.Join(st.dir, "notes.sock")
	os.WriteFile(other, nil, 0o600)
	// One that is stopped: it listens and does not answer.
	stopped, err := net.Listen("unix", filepath.Join(st.dir, "5000000.sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer stopped.Close()

	list, err := sessionsIn([]string{st.dir, filepath.Join(st.dir, "none")})
	if err != nil || len(list) != 3 {
		t.Fatalf("%v, %v", list, err)
	}
	pid := strconv.Itoa(os.Getpid())
	if got := list[0].String(); got != pid+" (npm run dev)" || !list[0].Start.Equal(header.Start) {
		t.Errorf("%s", got)
	}
	if got := list[2].String(); got != "5000000 (it does not answer)" || list[2].Argv != nil {
		t.Errorf("%s", got)
	}
	if _, err := os.Lstat(filepath.Join(st.dir, "4000000.sock")); err == nil {
		t.Error("the dead socket is still there")
	}
	if _, err := os.Lstat(other); err != nil {
		t.Error("what is not ours was removed")
	}
}

func TestFind(t *testing.T) {
	st := serve(t, nil)
	dirs := []string{st.dir}
	pid := strconv.Itoa(os.Getpid())
	for target, want := range map[string]string{"": st.Path(), pid: st.Path(), "/x/y": "/x/y", "./y": "./y"} {
		if got, err := find(target, dirs); err != nil || got != want {
			t.Errorf("%q: %s, %v", target, got, err)
		}
	}
	second, err := Serve(ServeOptions{Session: st.session, Spool: st.spool, Header: header, Dir: st.dir})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	one := pid + " (npm run dev)"
	for target, want := range map[string]string{
		"":    "2 sessions run: " + one + ", " + one,
		"1":   "no session has pid 1 (there is: " + one + ", " + one + ")",
		"api": `session "api": neither a pid nor the path of a socket (see multiexit ctl list)`,
	} {
		if _, err := find(target, dirs); err == nil || err.Error() != want {
			t.Errorf("%q: %v", target, err)
		}
	}
	if _, err := find("", []string{t.TempDir() + "/none"}); err == nil || err.Error() != "no multiexit session runs (start one with multiexit run)" {
		t.Error(err)
	}
}

// Of many sessions a line names a few.
func TestSeveral(t *testing.T) {
	var list []Info
	for pid := range 7 {
		list = append(list, Info{PID: pid + 1, Argv: []string{"a", "b"}})
	}
	if got := (&SeveralError{list}).Error(); got != "7 sessions run: 1 (a b), 2 (a b), 3 (a b), 4 (a b), 5 (a b), 2 more" {
		t.Error(got)
	}
}

// A session is found by its pid where it is put if nobody says where.
func TestDialPID(t *testing.T) {
	base, err := os.MkdirTemp("/tmp", "remote-test-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(base)
	t.Setenv("XDG_RUNTIME_DIR", base)
	pid := strconv.Itoa(os.Getpid())
	st := serve(t, func(o *ServeOptions) { o.Dir = "" })
	if want := base + "/multiexit/" + pid + ".sock"; st.Path() != want {
		t.Errorf("%s, want %s", st.Path(), want)
	}
	c, err := Dial(pid, false)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if c.Path() != st.Path() || c.Next("") != nil {
		t.Error(c.Path())
	}
}

func TestDialErrors(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	os.WriteFile(file, nil, 0o600)
	ln, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	go func() {
		for {
			nc, err := ln.Accept()
			if err != nil {
				return
			}
			nc.Write([]byte("220 mail\x1b\n"))
			nc.Close()
		}
	}()
	for target, want := range map[string]string{
		dir + "/none": "there is no such socket (see multiexit ctl list)",
		file:          "it is no socket (see multiexit ctl list)",
		dir + "/s":    "what answers is no multiexit session",
	} {
		_, err := Dial(target, true)
		if err == nil || err.Error() != "session "+target+": "+want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// The socket is the user's alone; a place where others could put one is not taken.
func TestDirectory(t *testing.T) {
	st := serve(t, nil)
	for path, want := range map[string]os.FileMode{st.Path(): 0o600 | os.ModeSocket, st.dir: 0o700 | os.ModeDir} {
		if info, err := os.Lstat(path); err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	base, err := os.MkdirTemp("/tmp", "remote-test-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(base)
	link, file, open, closed := base+"/link", base+"/file", base+"/open", base+"/closed"
	os.Symlink(st.dir, link)
	os.WriteFile(file, nil, 0o600)
	os.Mkdir(open, 0o700)
	os.Chmod(open, 0o777)
	os.Mkdir(closed, 0o755)
	for dir, want := range map[string]string{
		link: "not a directory", file: "not a directory", open: "others can write to it", base + "/no/where": "no such file",
		base + "/" + strings.Repeat("x", 120): "invalid argument",
	} {
		s, err := Serve(ServeOptions{Session: st.session, Spool: st.spool, Dir: dir})
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", dir, err, want)
		}
	}
	s, err := Serve(ServeOptions{Session: st.session, Spool: st.spool, Dir: closed})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if info, _ := os.Lstat(closed); info.Mode().Perm() != 0o700 {
		t.Errorf("%v", info.Mode())
	}
}

func TestDirs(t *testing.T) {
	base := t.TempDir()
	os.Chmod(base, 0o700)
	t.Setenv("XDG_RUNTIME_DIR", base)
	if got := dirs(); got[0] != base+"/multiexit" {
		t.Errorf("%q", got)
	}
	t.Setenv("XDG_RUNTIME_DIR", "relative")
	last := "/tmp/multiexit-" + strconv.Itoa(os.Geteuid())
	if got := dirs(); got[len(got)-1] != last || got[0] == "relative/multiexit" {
		t.Errorf("%q", got)
	}
	os.Chmod(base, 0o777)
	t.Setenv("XDG_RUNTIME_DIR", base)
	if got := dirs(); got[0] == base+"/multiexit" {
		t.Errorf("%q", got)
	}
}
