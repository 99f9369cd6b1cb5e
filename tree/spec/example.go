package spec

import _ "embed"

//go:embed multiexit.example.yaml
var example string

//go:embed multiexit.schema.json
var schema []byte

// Example is a multiexit.yaml with every key in it and what it is for. It runs as
// it is.
func Example() string { return example }

// Schema is the JSON Schema (draft 2020-12) of multiexit.yaml, for editors.
func Schema() []byte { return append([]byte(nil), schema...) }
