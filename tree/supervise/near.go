package supervise

import (
	"strings"

	"multiexit/tree/spec"
)

// suggest is the advice for a word that is none of words: one of which it is a
// part, as a command without its group, or what was probably meant.
func suggest(wrote string, words []string) string {
	if len(words) == 0 {
		return " (there is none)"
	}
	if spec.Near(wrote, words) == "" && wrote != "" {
		for _, word := range words {
			if strings.Contains(word, wrote) {
				return " (did you mean " + word + "?)"
			}
		}
	}
	return " (" + spec.DidYouMean(wrote, words) + ")"
}
