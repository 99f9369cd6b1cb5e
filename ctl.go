package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"multiexit/tree"
	"multiexit/tree/live"
	"multiexit/tree/remote"
	"multiexit/tree/spec"
)

// ctlFlags are the flags of ctl and its commands.
type ctlFlags struct {
	session string
	word    string // the command that runs: "hold"
	json    bool
	scope   string
	follow  bool
}

// ctlCommand drives a session that runs in another terminal.
func ctlCommand() *cobra.Command {
	c := &ctlFlags{}
	cmd := &cobra.Command{
		Use:     "ctl COMMAND",
		Short:   "Drive a session that runs in another terminal",
		Long:    ctlHelp,
		Example: ctlExamples,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("ctl", "needs a command", "there are: "+strings.Join(commandNames(cmd), ", "))
			}
			return usage("ctl "+args[0], "no such command", spec.DidYouMean(args[0], commandNames(cmd)))
		},
	}
	cmd.PersistentFlags().StringVarP(&c.session, "session", "s", "", "which session: the `PID` of its multiexit (ctl list), or a socket; needed only when there are several")
	list := c.command("list", "Show the sessions, or the processes of the one named with -s PID", arguments(0, 0, ""), c.list)
	list.Flags().BoolVar(&c.json, "json", false, "print JSON, for programs")
	send := c.command("send NODE=SIGNAL...", "Send signals, as run --send does, but at once", arguments(1, -1, "NODE=SIGNAL, as in api=TERM"), c.send)
	send.Flags().StringVar(&c.scope, "scope", "process", "whom it reaches from there: `SCOPE` is process, group, session, subtree or leaves (the subtree, leaves first)")
	logs := c.command("logs [NAME...]", "Print what commands have printed", nil, c.logs)
	logs.Flags().BoolVarP(&c.follow, "follow", "f", false, "go on with what comes, until the session is over")
	cmd.AddCommand(list, send,
		c.verb("start", "Start commands that do not run", 0),
		c.verb("stop", "Stop commands, in their own way; without a name everything, and the session", 0),
		c.verb("restart", "Stop commands in their own way and start them again", 1),
		c.verb("kill", "SIGKILL commands and all below them", 1),
		c.verb("pause", "SIGSTOP commands and all below them", 1),
		c.verb("continue", "SIGCONT what was paused, and all below", 1),
		c.verb("remove", "Stop commands and forget them", 1),
		c.command("add [NAME] LINE", "Start another command, as a shell would", arguments(1, 2, "the line of a shell"), c.add),
		c.command("events", "Print the events, from the first one on, as run --json does", arguments(0, 0, ""), c.events),
		logs)
	c.addOrders(cmd)
	return cmd
}

func (c *ctlFlags) command(use, short string, args cobra.PositionalArgs, run func([]string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Long: ctlPage(use, short), Example: examplesOf("ctl " + strings.Fields(use)[0]), Args: args,
		RunE: func(cmd *cobra.Command, args []string) error { c.word = cmd.Name(); return run(args) }}
}

// verb is a command of ctl that is one of the session's verbs.
func (c *ctlFlags) verb(word, short string, least int) *cobra.Command {
	use := word + " NAME..."
	if least == 0 {
		use = word + " [NAME...]"
	}
	return c.command(use, short, arguments(least, -1, "the name of a command, a group, or all"), func(names []string) error {
		return c.with(func(s *remote.Client) error {
			if word == "stop" && len(names) == 0 {
				return s.End(false)
			}
			if len(names) == 0 {
				names = []string{"all"}
			}
			for _, name := range names {
				if err := s.Do(word, name, nil); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// with calls do with a session. What goes wrong there is a bad argument here.
func (c *ctlFlags) with(do func(*remote.Client) error) error {
	s, err := dial(c.session, false, "name one with -s PID")
	if err != nil {
		return err
	}
	defer s.Close()
	if err := do(s); err != nil {
		var own *failure
		var status exit
		if errors.As(err, &own) || errors.As(err, &status) {
			return err
		}
		f := usage("ctl "+c.word, strings.TrimPrefix(err.Error(), c.word+": "), "")
		if strings.HasSuffix(f.why, "no such node") {
			f.advice = fmt.Sprintf("multiexit ctl list -s %d shows them", s.PID())
		}
		return f
	}
	return nil
}

// dial finds a session. how is what to do if there are several.
func dial(session string, readonly bool, how string) (*remote.Client, error) {
	s, err := remote.Dial(session, readonly)
	if err == nil {
		return s, nil
	}
	f := usage(err.Error(), "", "")
	if several := (*remote.SeveralError)(nil); errors.As(err, &several) {
		f.advice = how
	}
	return nil, f
}

// scopes are whom a signal can reach, from a process.
var scopes = []string{"process", "group", "session", "subtree", "leaves"}

func (c *ctlFlags) send(args []string) error {
	if !slices.Contains(scopes, c.scope) {
		return usage("ctl send --scope "+c.scope, "no such scope", spec.DidYouMean(c.scope, scopes))
	}
	var all sends
	for i, arg := range args {
		var bad *badValue
		if err := all.Set(arg); errors.As(err, &bad) {
			advice := strings.NewReplacer("[@WHEN]", "", "@2s", "").Replace(bad.advice)
			if i+1 < len(args) && !strings.Contains(arg, "=") {
				if sig, err := live.ParseSignal(args[i+1]); err == nil {
					advice = fmt.Sprintf("did you mean %s=%s?", arg, trimSIG(live.SignalName(sig)))
				}
			}
			return usage("ctl send "+arg, bad.why, advice)
		}
		if all[len(all)-1].when != atSettled {
			return usage("ctl send "+arg, "it is sent at once", "leave out what is behind the signal")
		}
	}
	return c.with(func(s *remote.Client) error {
		for _, one := range all {
			if err := s.Signal(one.pattern, one.sig, c.scope); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *ctlFlags) add(args []string) error {
	return c.with(func(s *remote.Client) error { return s.Do("add", "", args) })
}

// list shows what there is.
func (c *ctlFlags) list(args []string) error {
	if c.session != "" {
		return c.with(c.processes)
	}
	all, err := remote.Sessions()
	if err != nil {
		return &failure{statusFailed, "ctl list", err.Error(), ""}
	}
	if c.json {
		return printJSON(append([]remote.Info{}, all...)) // none is no null
	}
	if len(all) == 0 {
		return nil // as ps and ls do
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PID\tSINCE\tCOMMAND")
	for _, s := range all {
		fmt.Fprintf(w, "%d\t%s\t%s\n", s.PID, s.Start.Local().Format("Jan _2 15:04:05"), tree.Clean(strings.Join(s.Argv, " ")))
	}
	return w.Flush()
}

// process is one line of ctl list --session, for programs.
type process struct {
	Node    string `json:"node"`
	PID     int    `json:"pid,omitzero"`
	Name    string `json:"name"`
	Command string `json:"command,omitzero"` // of a root: its command
	Program string `json:"program,omitzero"` // what it runs now, if it is called otherwise
	State   string `json:"state"`
	Plan    int    `json:"handlers"` // exit handlers that SIGTERM would run
	Term    string `json:"sigterm,omitzero"`
	Held    string `json:"held,omitzero"` // where: "before flush-wal", "at SIGTERM", "before its exit"
}

func (c *ctlFlags) processes(s *remote.Client) error {
	t := new(tree.Tree)
	if err := eachUntilNow(s, func(e *tree.Event) error { t.Apply(e); return nil }); err != nil {
		return err
	}
	all := listed([]process{}, t.Roots)
	if c.json {
		return printJSON(all)
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NODE\tPID\tNAME\tSTATE\tHANDLERS\tSIGTERM")
	for _, p := range all {
		state := strings.TrimSpace(p.State + " " + p.Held)
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%d\t%s\n", p.Node, p.PID, tree.Clean(p.Name), state, p.Plan, p.Term)
	}
	return w.Flush()
}

// listed adds nodes and all below them, parents first. Of the past runs of a
// command only what still lives is of interest.
func listed(all []process, nodes []*tree.Node) []process {
	for _, n := range nodes {
		if !n.Past || n.Alive() {
			all = append(all, processOf(n))
		}
		below := n.Kids
		if n.Past {
			below = slices.DeleteFunc(slices.Clone(below), func(c *tree.Node) bool { return !c.Alive() })
		}
		all = listed(all, below)
	}
	return all
}

func processOf(n *tree.Node) process {
	p := process{Node: n.ID, PID: n.PID, Name: n.Title(), State: stateOf(n), Plan: n.Pending(), Term: string(n.Term)}
	if n.Held {
		p.Held = n.Hold.String()
	}
	if n.Command != nil {
		p.Command = n.Command.Name
	}
	if p.Command != "" || p.Name != n.Name {
		p.Program = n.Name
	}
	return p
}

// stateOf is where a process stands, in a word: its command's own where it has one.
func stateOf(n *tree.Node) string {
	if n.Held {
		return "held"
	}
	if c := n.Command; c != nil && c.Node == n && (!n.Alive() || c.State != tree.CommandReady) {
		return string(c.State)
	}
	if n.Stopped {
		return "paused"
	}
	switch n.State {
	case tree.Exiting:
		return "exiting"
	case tree.Stuck:
		return "stuck"
	case tree.Exited:
		return "exited"
	case tree.Failed:
		return "failed"
	case tree.Unborn:
		return "waiting"
	}
	return "live"
}

func printJSON(v any) error {
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	return out.Encode(v)
}

// events prints the stream as it is.
func (c *ctlFlags) events([]string) error {
	catchPipe()
	leaveWithReader()
	return c.with(func(s *remote.Client) error {
		err := s.CopyEvents(os.Stdout, 0)
		if errors.Is(err, syscall.EPIPE) {
			return exit(sinkStatus(err))
		}
		return err
	})
}
