package demo

import "multiexit/tree"

// faulty: in each child the middle one of three handlers goes wrong in its own way.
func faulty() Scenario {
	child := func(name string, middle Handler) Spec {
		middle.Name = "save-state"
		return Spec{Name: name, Handlers: []Handler{
			{Name: "close-files", Takes: 80 * ms},
			middle,
			{Name: "stop-intake", Takes: 120 * ms},
		}}
	}
	return Scenario{
		Name: "faulty",
		About: [2]string{
			"Send SIGTERM to main: in each child save-state fails in another way, and close-files and flush-log still run.",
			"An error, a panic, a handler that takes too long, hangs, registers another or calls Exit never robs the next one of its turn.",
		},
		Root: Spec{
			Name: "main",
			Handlers: []Handler{
				{Name: "flush-log", Shared: true, Takes: 90 * ms, Says: "log flushed"},
				{Name: "wait-children", Grace: grace},
			},
			Kids: []Spec{
				child("error", Handler{Takes: 150 * ms, Err: "write /var/lib/app/state: no space left on device"}),
				child("panic", Handler{Takes: 150 * ms, Panic: "assignment to entry in nil map"}),
				child("timeout", Handler{Takes: grace, Limit: 600 * ms}),
				child("hang", Handler{Takes: grace, Limit: 600 * ms, Deaf: true}),
				child("late", Handler{Takes: 150 * ms, Then: &Handler{Name: "remove-temp", Takes: 100 * ms}}),
				child("exit", Handler{Takes: 150 * ms, Exit: 9}),
			},
		},
		Expect: []string{
			"main: wait-children flush-log",
			"error: stop-intake save-state! close-files flush-log",
			"panic: stop-intake save-state! close-files flush-log",
			"timeout: stop-intake save-state! close-files flush-log",
			"hang: stop-intake save-state! close-files flush-log",
			"late: stop-intake save-state remove-temp close-files flush-log",
			"exit: stop-intake save-state close-files flush-log",
		},
	}
}

// stubborn: SIGTERM runs nothing in three of the four children.
func stubborn() Scenario {
	return Scenario{
		Name: "stubborn",
		About: [2]string{
			"Send SIGTERM to main: polite goes at once, the others stay until wait-children has lost its patience and kills them.",
			"SIGTERM can be ignored or blocked, and a stopped process handles it only after SIGCONT; nothing but SIGKILL is sure.",
		},
		Root: Spec{
			Name: "main",
			Handlers: []Handler{
				{Name: "remove-pidfile", Takes: 60 * ms},
				{Name: "wait-children", Grace: 3000 * ms},
			},
			Kids: []Spec{
				{Name: "polite", Handlers: []Handler{{Name: "close-files", Takes: 200 * ms}}},
				{Name: "ignores", Term: tree.Ignored},
				{Name: "blocks", Term: tree.Blocked},
				{Name: "stopped", Stopped: true, Handlers: []Handler{{Name: "close-files", Takes: 200 * ms}}},
			},
		},
		Expect: []string{
			"main: wait-children! remove-pidfile",
			"polite: close-files",
			"ignores:",
			"blocks:",
			"stopped:",
		},
	}
}

// escape: ways out of a process group, a session and a parent's sight.
func escape() Scenario {
	return Scenario{
		Name: "escape",
		About: [2]string{
			"Send SIGTERM to main: it ends the children it knows, and orphan and daemon live on; quit, and they are gone too.",
			"Their parents exited long ago, and daemon has a session of its own, so main knows neither; multiexit adopted them.",
		},
		Root: Spec{
			Name: "main",
			Handlers: []Handler{
				{Name: "flush-log", Shared: true, Takes: 90 * ms},
				{Name: "wait-children", Grace: grace},
			},
			Kids: []Spec{
				{Name: "worker", Handlers: []Handler{{Name: "close-files", Takes: 200 * ms}}},
				{Name: "session", Session: true, Handlers: []Handler{{Name: "close-files", Takes: 200 * ms}}},
				{Name: "wrapper", Leaves: true, Kids: []Spec{{Name: "orphan", Term: tree.Default}}},
				{Name: "daemonize", Session: true, Leaves: true, Kids: []Spec{{
					Name: "daemon", Session: true,
					Handlers: []Handler{{Name: "remove-pidfile", Takes: 60 * ms}, {Name: "close-journal", Takes: 300 * ms}},
				}}},
			},
		},
		Expect: []string{
			"main: wait-children flush-log",
			"worker: close-files flush-log",
			"session: close-files flush-log",
			"wrapper:",
			"orphan:",
			"daemonize:",
			"daemon:",
		},
	}
}
