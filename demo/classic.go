package demo

import "time"

// grace is how long the classic examples wait for a child. Theirs wait for ever.
const grace = 10 * time.Second

// readme is the example of the README of the Python package multiexit.
func readme() Scenario {
	return Scenario{
		Name: "readme",
		About: [2]string{
			"Send SIGTERM to main: clean_main ends the child and waits for it, and shared_exit runs twice, in the child first.",
			"A shared handler also runs in every child that was started after its registration, and always after the process's own.",
		},
		Root: Spec{
			Name: "main",
			Says: "main ready",
			Handlers: []Handler{
				{Name: "shared_exit", Shared: true, Takes: 250 * ms, Says: "shared exit"},
				{Name: "clean_main", Grace: grace, Says: "child ended"},
			},
			Kids: []Spec{{
				Name:     "SubProcess1",
				Says:     "subprocess ready",
				Handlers: []Handler{{Name: "subproc1_clean", Takes: 350 * ms, Says: "subprocess clean"}},
			}},
		},
		Expect: []string{
			"main: clean_main shared_exit",
			"SubProcess1: subproc1_clean shared_exit",
		},
	}
}

// nested is its example.py: a chain of four, the leaf without a handler of its own.
func nested() Scenario {
	clean := func(name, says string) []Handler {
		return []Handler{{Name: name, Grace: grace, Says: says}}
	}
	return Scenario{
		Name: "nested",
		About: [2]string{
			"Send SIGTERM to main: shared_exit runs in SubProcess3 first, then in 2, in 1 and in main.",
			"Every process ends its child in a handler of its own, and its own handlers run before the shared ones, so the leaf is done first.",
		},
		Root: Spec{
			Name: "main",
			Handlers: []Handler{
				{Name: "shared_exit", Shared: true, Takes: 250 * ms, Says: "shared exit"},
				{Name: "clean_main", Grace: grace, Says: "child ended"},
				{Name: "not_a_cleaner", Revoked: true},
			},
			Kids: []Spec{{
				Name:     "SubProcess1",
				Handlers: clean("clean_subproc1", "subchild ended"),
				Kids: []Spec{{
					Name:     "SubProcess2",
					Handlers: clean("clean_subproc2", "subsubchild ended"),
					Kids:     []Spec{{Name: "SubProcess3"}},
				}},
			}},
		},
		Expect: []string{
			"main: clean_main shared_exit",
			"SubProcess1: clean_subproc1 shared_exit",
			"SubProcess2: clean_subproc2 shared_exit",
			"SubProcess3: shared_exit",
		},
	}
}
