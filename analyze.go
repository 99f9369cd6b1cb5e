package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"multiexit/tree"
	"multiexit/tree/check"
)

// analyzeCommand says why a shutdown took as long as it did.
func analyzeCommand() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:     "analyze [FILE|RUN]",
		Short:   "Say why a recorded shutdown took as long as it did, and what went wrong",
		Long:    analyzeHelp,
		Example: "  multiexit analyze                    the last run that is over\n  multiexit analyze @2\n  multiexit analyze --json shop.jsonl | jq '.findings[].text'",
		Args:    oneRecording(),
		RunE: func(cmd *cobra.Command, args []string) error {
			path, err := recordingOf(cmd, args)
			if err != nil {
				return err
			}
			t, err := loadTape(path)
			if err != nil {
				return err
			}
			catchPipe()
			whole := t.Fold()
			r := check.Analyze(whole)
			if o.json {
				return stdoutError(printJSON(r))
			}
			return stdoutError(printReport(r, newLook(&o, o.colourProfile(os.Stdout), o.dark())))
		},
	}
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON, for programs")
	cmd.ValidArgsFunction = completeRecordings(1)
	return cmd
}

// stdoutError is the error of what was printed to standard output.
func stdoutError(err error) error {
	if err != nil {
		return exit(sinkStatus(err))
	}
	return nil
}

// printReport prints the critical path, the blame and the findings for people.
func printReport(r *check.Report, l look) error {
	var b strings.Builder
	if r.Shut == nil {
		b.WriteString("nothing was shut down in this recording\n")
	} else {
		whole := "took " + tree.Took(r.Total)
		if r.Held > 0 {
			whole += " (somebody was held for " + tree.Took(r.Held) + " of it)"
		}
		if !r.Over {
			whole += " until the recording ends, and was not over"
		}
		fmt.Fprintf(&b, "%s %s\n", l.paint(strong, r.Beginning()), whole)
	}
	path := check.Main(r.Path)
	small := "pieces under 1 % are left out"
	if len(r.Holds) > 0 {
		small = "pieces under 1 % of what is not held are left out"
	}
	section(&b, l, "Critical path", "what it was waiting for, at any time; "+small, len(path), func(i int) string {
		p := &path[i]
		return fmt.Sprintf("%s %s  %s", l.paint(dim, fmt.Sprintf("%9s", "@"+tree.Took(p.Offset))), l.paint(amber, fmt.Sprintf("%8s", "+"+tree.Took(p.For))), p.What())
	})
	section(&b, l, "Blame", "own time, slowest first", min(len(r.Blame), blameMost), func(i int) string {
		p := &r.Blame[i]
		return fmt.Sprintf("%s  %s", l.paint(amber, fmt.Sprintf("%9s", tree.Took(p.Own))), p.What())
	})
	if more := len(r.Blame) - blameMost; more > 0 {
		fmt.Fprintf(&b, "  %s\n", l.paint(dim, fmt.Sprintf("... and %d more, see --json", more)))
	}
	section(&b, l, "Held by you", "nothing of the program's own, longest first", min(len(r.Holds), blameMost), func(i int) string {
		p := &r.Holds[i]
		return fmt.Sprintf("%s  %s", l.paint(amber, fmt.Sprintf("%9s", tree.Took(p.For))), p.What())
	})
	if more := len(r.Holds) - blameMost; more > 0 {
		fmt.Fprintf(&b, "  %s\n", l.paint(dim, fmt.Sprintf("... and %d more, see --json", more)))
	}
	width := printWidth()
	section(&b, l, "Findings", "", len(r.Findings), func(i int) string { return findingText(&r.Findings[i], l, width) })
	if len(r.Findings) == 0 {
		b.WriteString("\n" + l.paint(good, "no findings: no rule was broken") + "\n")
	}
	_, err := os.Stdout.WriteString(l.fit(b.String()))
	return err
}

// findingText is a finding in two paragraphs: when and what; by which rule, and what
// to do. Width 0 is one line each.
func findingText(f *check.Finding, l look, width int) string {
	const indent = 13
	wrap := func(s string) string {
		if width > 0 {
			s = ansi.Wordwrap(s, max(30, width-indent), "")
		}
		return strings.ReplaceAll(s, "\n", "\n"+strings.Repeat(" ", indent))
	}
	what := f.Text
	if f.Earlier {
		what += " (Before the shutdown.)"
	}
	var rest []string
	for line := range strings.Lines(wrap(f.Rule + ": " + f.Advice)) {
		rest = append(rest, l.paint(dim, strings.TrimSuffix(line, "\n")))
	}
	return l.paint(dim, fmt.Sprintf("%8.3fs", f.At.Seconds())) + "  " + wrap(what) + "\n" + strings.Repeat(" ", indent) + strings.Join(rest, "\n")
}

// printWidth is how wide standard output is; 0 if it is no terminal.
func printWidth() int {
	width, _, err := term.GetSize(os.Stdout.Fd())
	if err != nil {
		return 0
	}
	return width
}

// blameMost is how many are to blame on a screen.
const blameMost = 15

func section(b *strings.Builder, l look, title, about string, n int, line func(int) string) {
	if n == 0 {
		return
	}
	b.WriteString("\n" + l.paint(strong, title))
	if about != "" {
		b.WriteString("  " + l.paint(dim, about))
	}
	b.WriteString("\n")
	for i := range n {
		fmt.Fprintf(b, "  %s\n", line(i))
	}
}
