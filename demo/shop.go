package demo

import (
	"time"

	"multiexit/tree"
)

const limit = 5 * time.Second // of the handlers that depend on somebody else

// shop is a web shop: a gateway with its workers, a queue, a scheduler, and the
// small processes around them.
func shop() Scenario {
	return Scenario{
		Name: "shop",
		About: [2]string{
			"Send SIGTERM to supervisor: in every process its own handlers run newest first, then those it inherited, and parents wait for their children.",
			"partition-1 fails one handler and still runs the others; tls-renewer and merge-2 have none and just die; ffmpeg ignores SIGTERM until it is killed.",
		},
		Root: Spec{
			Name: "supervisor",
			Handlers: []Handler{
				{Name: "flush-metrics", Shared: true, Takes: 130 * ms, Limit: limit},
				{Name: "release-lease", Shared: true, Takes: 95 * ms, Limit: limit},
				{Name: "remove-pidfile", Takes: 18 * ms},
				{Name: "audit-trail", Takes: 115 * ms, Says: "audit trail closed"},
				{Name: "wait-children", Grace: 20 * time.Second},
			},
			Kids: []Spec{gateway(), broker(), scheduler(), proxy(), metrics(), shipper()},
		},
		Expect: []string{
			"supervisor: wait-children audit-trail remove-pidfile release-lease flush-metrics",
			"api-gateway: stop-accepting wait-children close-listener deregister-dns release-lease flush-metrics",
			"worker-1: drain-conns flush-wal close-db-pool unlink-socket deregister-dns release-lease flush-metrics",
			"worker-2: drain-conns flush-wal close-db-pool unlink-socket deregister-dns release-lease flush-metrics",
			"worker-3: drain-conns flush-wal close-db-pool unlink-socket deregister-dns release-lease flush-metrics",
			"worker-4: drain-conns flush-wal close-db-pool unlink-socket deregister-dns release-lease flush-metrics",
			"tls-renewer:",
			"access-log: rotate-log deregister-dns release-lease flush-metrics",
			"queue-broker: wait-children snapshot-index commit-offsets release-lease flush-metrics",
			"partition-0: notify-peers flush-wal sync-fs commit-offsets release-lease flush-metrics",
			"partition-1: notify-peers! flush-wal sync-fs commit-offsets release-lease flush-metrics",
			"partition-2: notify-peers flush-wal sync-fs commit-offsets release-lease flush-metrics",
			"compactor: cancel-merges snapshot-index unlock-segments commit-offsets release-lease flush-metrics",
			"merge-1: discard-run unlock-segments commit-offsets release-lease flush-metrics",
			"merge-2:",
			"scheduler: cancel-jobs save-cursor revoke-token release-lease flush-metrics",
			"cron: save-cursor revoke-token release-lease flush-metrics",
			"job-4411: cancel-encode! unmount-tmp revoke-token release-lease flush-metrics",
			"ffmpeg:",
			"job-4412: cancel-upload unmount-tmp revoke-token release-lease flush-metrics",
			"pg-proxy: drain-conns close-backends unlink-socket release-lease flush-metrics",
			"pg-conn-1: rollback release-lease flush-metrics",
			"pg-conn-2: rollback release-lease flush-metrics",
			"metrics-agent: wait-children release-lease flush-metrics",
			"exporter: close-listener release-lease flush-metrics",
			"log-shipper: drain-spool save-cursor release-lease flush-metrics",
		},
	}
}

func gateway() Spec {
	return Spec{
		Name: "api-gateway",
		Says: "listening on 0.0.0.0:8443",
		Handlers: []Handler{
			{Name: "deregister-dns", Shared: true, Takes: 160 * ms, Limit: limit},
			{Name: "close-listener", Takes: 55 * ms, Says: "closed 0.0.0.0:8443"},
			{Name: "wait-children", Grace: 10 * time.Second},
			{Name: "stop-accepting", Takes: 70 * ms, Says: "no longer accepting, 86 connections open"},
		},
		Kids: []Spec{
			gatewayWorker("worker-1", 410*ms, 830*ms, "flushed 1,204 records"),
			gatewayWorker("worker-2", 560*ms, 970*ms, "flushed 1,377 records"),
			gatewayWorker("worker-3", 380*ms, 1040*ms, "flushed 1,412 records"),
			gatewayWorker("worker-4", 630*ms, 890*ms, "flushed 1,190 records"),
			{Name: "tls-renewer", Term: tree.Default},
			{Name: "access-log", Handlers: []Handler{{Name: "rotate-log", Takes: 75 * ms, Says: "rotated access.log"}}},
		},
	}
}

// gatewayWorker is one worker of the gateway.
func gatewayWorker(name string, drain, flush time.Duration, says string) Spec {
	return Spec{Name: name, Handlers: []Handler{
		{Name: "unlink-socket", Takes: 24 * ms},
		{Name: "close-db-pool", Takes: drain / 2},
		{Name: "flush-wal", Takes: flush, Limit: limit, Says: says},
		{Name: "drain-conns", Takes: drain, Limit: limit},
	}}
}

func broker() Spec {
	partition := func(name string, notify Handler, flush, sync time.Duration) Spec {
		notify.Name = "notify-peers"
		return Spec{Name: name, Handlers: []Handler{
			{Name: "sync-fs", Takes: sync},
			{Name: "flush-wal", Takes: flush, Limit: limit},
			notify,
		}}
	}
	return Spec{
		Name: "queue-broker",
		Says: "3 partitions, 0 behind",
		Handlers: []Handler{
			{Name: "commit-offsets", Shared: true, Takes: 185 * ms, Limit: limit},
			{Name: "snapshot-index", Takes: 150 * ms, Says: "index snapshot 0000004c"},
			{Name: "wait-children", Grace: 10 * time.Second},
		},
		Kids: []Spec{
			partition("partition-0", Handler{Takes: 640 * ms}, 760*ms, 240*ms),
			partition("partition-1", Handler{Takes: 430 * ms, Err: "dial 10.0.3.7:7946: i/o timeout"}, 690*ms, 210*ms),
			partition("partition-2", Handler{Takes: 550 * ms}, 720*ms, 170*ms),
			{
				Name: "compactor",
				Handlers: []Handler{
					{Name: "unlock-segments", Shared: true, Takes: 60 * ms},
					{Name: "snapshot-index", Takes: 480 * ms},
					{Name: "cancel-merges", Grace: 5 * time.Second},
				},
				Kids: []Spec{
					{Name: "merge-1", Handlers: []Handler{{Name: "discard-run", Takes: 220 * ms, Says: "discarded 3 of 9 segments"}}},
					{Name: "merge-2", Term: tree.Default},
				},
			},
		},
	}
}

func scheduler() Spec {
	return Spec{
		Name: "scheduler",
		Handlers: []Handler{
			{Name: "revoke-token", Shared: true, Takes: 120 * ms, Limit: limit},
			{Name: "save-cursor", Takes: 140 * ms},
			{Name: "cancel-jobs", Grace: 10 * time.Second},
		},
		Kids: []Spec{
			{Name: "cron", Handlers: []Handler{{Name: "save-cursor", Takes: 95 * ms}}},
			{
				Name: "job-4411",
				Handlers: []Handler{
					{Name: "unmount-tmp", Takes: 90 * ms},
					{Name: "cancel-encode", Grace: 1200 * ms},
				},
				Kids: []Spec{{Name: "ffmpeg", Term: tree.Ignored}},
			},
			{Name: "job-4412", Handlers: []Handler{
				{Name: "unmount-tmp", Takes: 80 * ms},
				{Name: "cancel-upload", Takes: 520 * ms, Says: "upload 4412 aborted at 61%"},
			}},
		},
	}
}

func proxy() Spec {
	conn := func(name string, takes time.Duration) Spec {
		return Spec{Name: name, Handlers: []Handler{{Name: "rollback", Takes: takes, Limit: limit}}}
	}
	return Spec{
		Name: "pg-proxy",
		Says: "2 backends up",
		Handlers: []Handler{
			{Name: "unlink-socket", Takes: 22 * ms},
			{Name: "close-backends", Grace: 10 * time.Second},
			{Name: "drain-conns", Takes: 480 * ms, Limit: limit},
		},
		Kids: []Spec{conn("pg-conn-1", 260*ms), conn("pg-conn-2", 390*ms)},
	}
}

func metrics() Spec {
	return Spec{
		Name:     "metrics-agent",
		Handlers: []Handler{{Name: "wait-children", Grace: 10 * time.Second}},
		Kids: []Spec{
			{Name: "exporter", Handlers: []Handler{{Name: "close-listener", Takes: 45 * ms}}},
		},
	}
}

func shipper() Spec {
	return Spec{
		Name: "log-shipper",
		Handlers: []Handler{
			{Name: "save-cursor", Takes: 85 * ms},
			{Name: "drain-spool", Takes: 740 * ms, Limit: limit, Says: "shipped 18,233 lines"},
		},
	}
}
