// Package collector tests that a shutdown arrives at a real OpenTelemetry
// Collector: the receiver of the collector itself takes what multiexit sends. It
// is a module of its own, so that multiexit does not require the collector:
//
//	cd tree/otlp/collector && go test .
package collector
