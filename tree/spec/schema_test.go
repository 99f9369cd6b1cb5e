package spec_test

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"multiexit/tree/spec"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(spec.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("multiexit.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("multiexit.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// values are those of a YAML file, as an editor would check them.
func values(t *testing.T, src string) any {
	t.Helper()
	raw, err := yaml.YAMLToJSON([]byte(src))
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSchemaAcceptsGoodFiles(t *testing.T) {
	s := compiled(t)
	if err := s.Validate(values(t, spec.Example())); err != nil {
		t.Errorf("the example: %v", err)
	}
	for _, c := range goodFiles {
		if strings.Contains(strings.ToLower(c.want.Commands[0].Argv[len(c.want.Commands[0].Argv)-1]), "$port") || c.file == "start" {
			continue // a Procfile
		}
		if err := s.Validate(values(t, strings.TrimPrefix(c.src, "\ufeff"))); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestSchemaRefusesBadFiles(t *testing.T) {
	s := compiled(t)
	for _, b := range badFiles(t) {
		switch b.kind {
		case "schema":
			if s.Validate(values(t, b.src)) == nil {
				t.Errorf("%s: the schema accepts\n%s", b.name, b.src)
			}
		case "beyond":
			if err := s.Validate(values(t, b.src)); err != nil {
				t.Errorf("%s: the schema can tell: %v", b.name, err)
			}
		case "yaml", "Procfile":
		default:
			t.Errorf("%s: of what kind is %q?", b.name, b.kind)
		}
	}
}

// What is shipped beside the documentation is what is built in.
func TestDocsAreTheSame(t *testing.T) {
	for path, want := range map[string]string{
		"../../docs/multiexit.schema.json":  string(spec.Schema()),
		"../../docs/multiexit.example.yaml": spec.Example(),
	} {
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%s is not what is built in: copy it from tree/spec (%v)", path, err)
		}
	}
}

// The example teaches every key that the schema knows, if only in a comment.
func TestExampleTeachesEveryKey(t *testing.T) {
	var schema struct {
		Properties map[string]any
		Defs       map[string]struct{ Properties map[string]any } `json:"$defs"`
	}
	if err := json.Unmarshal(spec.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	keys := 0
	check := func(where string, properties map[string]any) {
		for key := range properties {
			keys++
			if key != "$schema" && !regexp.MustCompile(`[\s{]`+key+`:`).MatchString(spec.Example()) {
				t.Errorf("%s of %s is not in the example", key, where)
			}
		}
	}
	check("the file", schema.Properties)
	for name, def := range schema.Defs {
		check(name, def.Properties)
	}
	if keys < 30 {
		t.Errorf("only %d keys found", keys)
	}
}
