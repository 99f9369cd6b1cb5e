package live

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"io"
	"os"
	"strconv"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"

	"multiexit/tree"
)

var nativeEndian = binary.NativeEndian

// The Go runtime installs a handler for every signal, so the masks of every Go
// program say "caught". What it does with SIGTERM depends on whether somebody
// called signal.Notify: the runtime keeps the set of wanted signals in the
// variable runtime.sig (runtime/sigqueue.go):
//
//	note   { key uintptr }
//	mask   [3]uint32
//	wanted [3]uint32
//
// The layout has been the same from Go 1.14 to 1.26. It is read from the memory of
// the process at the address that the symbol table of its executable gives.
// A stripped executable has none: then no claim is made.

// goProgram is what is known of an executable file.
type goProgram struct {
	isGo   bool
	wanted uint64 // address of runtime.sig.wanted as linked; 0: not known
	base   uint64 // lowest address as linked, to find where it was loaded
	pie    bool
}

// fileID names an executable across processes.
type fileID struct {
	dev, ino uint64
	size     int64
	mtime    int64
}

// programCache remembers executables: reading a symbol table takes milliseconds.
type programCache struct {
	mu    sync.Mutex
	known map[fileID]goProgram
}

var programs = &programCache{known: map[fileID]goProgram{}}

// goWants tells what a Go program does with sig; isGo is false for others.
func goWants(p *proc, sig syscall.Signal) (d tree.Disposition, isGo bool) {
	base := "/proc/" + strconv.Itoa(p.pid)
	prog, ok := programs.of(base + "/exe")
	if !ok {
		return tree.Unknown, false
	}
	if !prog.isGo {
		return tree.Unknown, false
	}
	if prog.wanted == 0 {
		return tree.Unknown, true
	}
	at := prog.wanted + uint64(sig/32)*4
	if prog.pie {
		loaded, ok := loadAddress(base)
		if !ok {
			return tree.Unknown, true
		}
		at += loaded - prog.base
	}
	word, ok := readWord(base, at)
	switch {
	case !ok:
		return tree.Unknown, true
	case uint32(word)&(1<<(sig%32)) != 0:
		return tree.Caught, true
	}
	return tree.Default, true
}

// goDefault is what the runtime does with a signal that its handler catches and
// the program does not want (os/signal, "Default behavior of signals"): it ends
// the program, with or without a dump of the stacks, or takes no action.
func goDefault(sig syscall.Signal) tree.Disposition {
	switch sig {
	case unix.SIGHUP, unix.SIGINT, unix.SIGTERM,
		unix.SIGQUIT, unix.SIGILL, unix.SIGTRAP, unix.SIGABRT, unix.SIGSTKFLT, unix.SIGSYS,
		unix.SIGBUS, unix.SIGFPE, unix.SIGSEGV:
		return tree.Default
	}
	return tree.Ignored
}

// loadAddress is where the executable of a process was mapped: the first mapping
// of the file that /proc/PID/exe names.
func loadAddress(base string) (uint64, bool) {
	exe, err := os.Readlink(base + "/exe")
	if err != nil {
		return 0, false
	}
	maps, err := os.ReadFile(base + "/maps")
	if err != nil {
		return 0, false
	}
	for line := range bytes.Lines(maps) {
		if !bytes.HasSuffix(bytes.TrimSpace(line), []byte(exe)) {
			continue
		}
		from, _, _ := bytes.Cut(line, []byte("-"))
		n, err := strconv.ParseUint(string(from), 16, 64)
		return n, err == nil
	}
	return 0, false
}

// readGoProgram looks at an executable file.
func readGoProgram(r io.ReaderAt) goProgram {
	f, err := elf.NewFile(r)
	if err != nil {
		return goProgram{}
	}
	if f.Section(".go.buildinfo") == nil && f.Section(".note.go.buildid") == nil {
		return goProgram{}
	}
	g := goProgram{isGo: true, pie: f.Type == elf.ET_DYN}
	for _, seg := range f.Progs {
		if seg.Type == elf.PT_LOAD {
			g.base = seg.Vaddr &^ (uint64(os.Getpagesize()) - 1)
			break
		}
	}
	if f.Class == elf.ELFCLASS64 && f.ByteOrder == hostOrder() {
		if addr, size, ok := findSymbol(f, "runtime.sig"); ok && size >= 8+4*12+9 {
			g.wanted = addr + 8 + 12
		}
	}
	return g
}

func hostOrder() binary.ByteOrder {
	if nativeEndian.Uint16([]byte{1, 0}) == 1 {
		return binary.LittleEndian
	}
	return binary.BigEndian
}

// findSymbol finds a symbol without building the table of all: elf.Symbols makes
// a string for each of the tens of thousands.
func findSymbol(f *elf.File, name string) (addr, size uint64, ok bool) {
	table, names := f.Section(".symtab"), f.Section(".strtab")
	const limit = 64 << 20 // larger tables are not worth the wait
	if table == nil || names == nil || table.Size > limit || names.Size > limit {
		return 0, 0, false
	}
	text, err := names.Data()
	if err != nil {
		return 0, 0, false
	}
	i := bytes.Index(text, []byte("\x00"+name+"\x00"))
	if i < 0 {
		return 0, 0, false
	}
	want := uint32(i + 1)
	syms, err := table.Data()
	if err != nil {
		return 0, 0, false
	}
	for ; len(syms) >= elf.Sym64Size; syms = syms[elf.Sym64Size:] {
		if f.ByteOrder.Uint32(syms) == want {
			return f.ByteOrder.Uint64(syms[8:]), f.ByteOrder.Uint64(syms[16:]), true
		}
	}
	return 0, 0, false
}

// of reads the executable at path, or remembers it.
func (c *programCache) of(path string) (goProgram, bool) {
	var st unix.Stat_t
	if unix.Stat(path, &st) != nil {
		return goProgram{}, false
	}
	id := fileID{uint64(st.Dev), st.Ino, st.Size, st.Mtim.Nano()}
	c.mu.Lock()
	defer c.mu.Unlock()
	if g, ok := c.known[id]; ok {
		return g, true
	}
	f, err := os.Open(path)
	if err != nil {
		return goProgram{}, false
	}
	defer f.Close()
	g := readGoProgram(f)
	c.known[id] = g
	return g, true
}
