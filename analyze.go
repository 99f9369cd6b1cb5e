package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"multiexit/tree"
	"multiexit/tree/check"
)

// analyzeCommand says why a shutdown took as long as it did.
func analyzeCommand() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:     "analyze FILE",
		Short:   "Say why a recorded shutdown took as long as it did, and what went wrong",
		Long:    analyzeHelp,
		Example: "  multiexit analyze shop.jsonl\n  multiexit analyze --json shop.jsonl | jq '.findings[].text'",
		Args:    arguments(1, 1, "the file of a recording"),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := loadTape(args[0])
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
	cmd.Flags().BoolVar(&o.json, "json", false, "for programs")
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
		if !r.Over {
			whole += " until the recording ends, and was not over"
		}
		fmt.Fprintf(&b, "%s %s\n", l.paint(strong, tree.Clean(r.Cause)+" to "+r.Node), whole)
	}
	path := check.Main(r.Path)
	section(&b, l, "Critical path", "what it was waiting for, at any time; pieces under 1 % are left out", len(path), func(i int) string { return path[i].String() })
	section(&b, l, "Blame", "own time, slowest first", min(len(r.Blame), blameMost), func(i int) string { return r.Blame[i].String() })
	if more := len(r.Blame) - blameMost; more > 0 {
		fmt.Fprintf(&b, "  %s\n", l.paint(dim, fmt.Sprintf("... and %d more, see --json", more)))
	}
	section(&b, l, "Findings", "", len(r.Findings), func(i int) string {
		f := &r.Findings[i]
		s := l.paint(dim, fmt.Sprintf("%8.3fs", f.At.Seconds())) + "  " + f.Text
		if f.Advice != "" {
			s += "\n" + strings.Repeat(" ", 13) + l.paint(dim, f.Advice)
		}
		return s
	})
	if len(r.Findings) == 0 {
		b.WriteString("\nno findings: it went as it should\n")
	}
	_, err := os.Stdout.WriteString(l.fit(b.String()))
	return err
}

// blameMost is how many are to blame on a screen.
const blameMost = 15

func section(b *strings.Builder, l look, title, about string, n int, line func(int) string) {
	if n == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s %s\n", l.paint(strong, title), l.paint(dim, about))
	for i := range n {
		fmt.Fprintf(b, "  %s\n", line(i))
	}
}
