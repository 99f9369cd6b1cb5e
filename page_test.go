package main

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// What every page of --help has: lines that fit, a text, and a word for the value
// of each flag that is not the name of a Go type.
func TestHelpPages(t *testing.T) {
	pages := 0
	var look func(cmd *cobra.Command)
	look = func(cmd *cobra.Command) {
		if cmd.Name() == "completion" { // the text of the library
			return
		}
		pages++
		cmd.InitDefaultHelpFlag()
		for line := range strings.Lines(cmd.Long + "\n" + cmd.UsageString()) {
			if n := utf8.RuneCountInString(line) - 1; n > pageWidth+4 {
				t.Errorf("%s: %d columns: %s", cmd.CommandPath(), n, line)
			}
		}
		if cmd.Short == "" || cmd.Long == "" && cmd.Name() != "help" {
			t.Errorf("%s: no text", cmd.CommandPath())
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			value, text := pflag.UnquoteUsage(f)
			if value != "" && !placeholder.MatchString(value) || text == "" {
				t.Errorf("%s --%s %s: %q", cmd.CommandPath(), f.Name, value, text)
			}
		})
		for _, c := range cmd.Commands() {
			look(c)
		}
	}
	look(rootCommand())
	if pages < 25 {
		t.Errorf("%d pages", pages)
	}
}

var placeholder = regexp.MustCompile(`^[A-Z][A-Zx@=:/\[\]]*$`)

// A flag is shown as it is written, its text beside it or below.
func TestFlagTexts(t *testing.T) {
	cmd, _, err := rootCommand().Find([]string{"run"})
	if err != nil {
		t.Fatal(err)
	}
	page := cmd.UsageString()
	for _, want := range []string{
		"\n      --hold[=WHERE]     hold every process before each",
		"\n  -f, --file FILE        run the commands",
		"\n      --keep             leave alone",
		"\n      --send NODE=SIGNAL[@WHEN]\n                         send a signal; NODE",
		"colours: auto, dark, light, ansi, mono (default auto)\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
}

func TestHung(t *testing.T) {
	long := strings.Repeat("x", 80)
	for word, want := range map[string]string{
		"  ab":   "  ab  a\n      " + long + "\n      b\n",
		"  abcd": "  abcd\n      a\n      " + long + "\n      b\n",
		"":       "      a\n      " + long + "\n      b\n",
	} {
		if got := hung(word, "a  "+long+" b", 6); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}
