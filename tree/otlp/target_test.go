package otlp

import "testing"

func TestParseTarget(t *testing.T) {
	for _, c := range []struct {
		address string
		env     map[string]string
		want    Target
		err     string
	}{
		{address: "http://box:4318", want: Target{url: "http://box:4318/v1/traces"}},
		{address: "https://box/", want: Target{url: "https://box/v1/traces"}},
		{address: "https://box/otlp", want: Target{url: "https://box/otlp/v1/traces"}},
		{address: "https://box/otlp/v1/traces", want: Target{url: "https://box/otlp/v1/traces"}},
		{address: "http://box:4317", want: Target{url: "http://box:4317", grpc: true}},
		{address: "grpc://box:1", want: Target{url: "http://box:1", grpc: true}},
		{address: "grpcs://box:1", want: Target{url: "https://box:1", grpc: true}},
		{address: "http://[::1]:4317", want: Target{url: "http://[::1]:4317", grpc: true}},
		{address: "http://box:4317", env: map[string]string{"OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, want: Target{url: "http://box:4317/v1/traces"}},
		{address: "http://box", env: map[string]string{"OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"}, want: Target{url: "http://box/v1/traces", json: true}},
		{address: "http://box", env: map[string]string{"OTEL_EXPORTER_OTLP_PROTOCOL": "http/json", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "grpc"}, want: Target{url: "http://box", grpc: true}},
		{address: "env", want: Target{url: "http://localhost:4318/v1/traces"}},
		{address: "env", env: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "https://box/otlp"}, want: Target{url: "https://box/otlp/v1/traces"}},
		{address: "env", env: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "https://a", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://b/as/it/is"}, want: Target{url: "https://b/as/it/is"}},
		{address: "box:4318", err: "not an address of a collector"},
		{address: "ftp://box", err: "ftp:// is no protocol of a collector"},
		{address: "", err: "not an address of a collector"},
		{address: "http://", err: "not an address of a collector"},
		{address: "http://:4318", err: "not an address of a collector"},
		{address: "http://box:65536", err: "not an address of a collector"},
		{address: "http://a b", err: "not an address of a collector"},
		{address: "http://me:secret@box", err: "an address has no place for a password"},
		{address: "http://box?x=1", err: "an address of a collector has no query"},
		{address: "http://box", env: map[string]string{"OTEL_EXPORTER_OTLP_PROTOCOL": "http"}, err: `OTEL_EXPORTER_OTLP_PROTOCOL "http" is no protocol (grpc, http/protobuf, http/json)`},
	} {
		got, err := ParseTarget(c.address, func(name string) string { return c.env[name] })
		if text := ""; got != c.want || (err != nil || c.err != "") && (err == nil || err.Error() != c.err) {
			if err != nil {
				text = err.Error()
			}
			t.Errorf("%q with %v: %+v, %q; want %+v, %q", c.address, c.env, got, text, c.want, c.err)
		}
	}
}

// What is said of a target names its protocol.
func TestTargetString(t *testing.T) {
	for address, want := range map[string]string{
		"grpc://box:4317": "grpc://box:4317", "grpcs://box": "grpcs://box", "http://box:4317": "grpc://box:4317", "http://box:4318": "http://box:4318/v1/traces",
	} {
		got, err := ParseTarget(address, func(string) string { return "" })
		if err != nil || got.String() != want {
			t.Errorf("%s: %s, %v; want %s", address, got, err, want)
		}
	}
}

// Of an address that is refused nothing is said that may be a secret.
func TestRedacted(t *testing.T) {
	for address, want := range map[string]string{
		"http://box:4318/v1/traces":       "http://box:4318/v1/traces",
		"http://me:secret@box/otlp":       "http://me:xxxxx@box/otlp",
		"http://me:s%zz/e?c@ret@box:4318": "http://me:xxxxx@box:4318",
		"https://secret@box":              "https://xxxxx@box",
		"me:secret@box:4318":              "me:xxxxx@box:4318",
		"http://box/?token=secret":        "http://box/?xxxxx",
		"http://me:secret@":               "http://me:xxxxx@",
		"env":                             "env",
		"":                                "",
	} {
		if got := Redacted(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}
