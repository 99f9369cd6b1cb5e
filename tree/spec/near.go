package spec

import "strings"

// DidYouMean is the advice for a word that is none of words: the one that was
// probably meant, or else all of them.
func DidYouMean(wrote string, words []string) string {
	if word := Near(wrote, words); word != "" {
		return "did you mean " + word + "?"
	}
	const most = 12
	if len(words) > most {
		return "there are: " + strings.Join(words[:most], ", ") + " ..."
	}
	return "there are: " + strings.Join(words, ", ")
}

// Near finds the word that was probably meant: one that begins with what was
// written, or differs by a slip or two. "" if none does.
func Near(wrote string, words []string) string {
	best, least := "", 3
	if len(wrote) < 4 {
		least = 2 // of three letters, two slips make any word
	}
	if len(wrote) > 100 {
		return ""
	}
	w := strings.ToLower(wrote)
	for _, word := range words {
		d := slips(w, strings.ToLower(word))
		if len(w) > 1 && strings.HasPrefix(strings.ToLower(word), w) {
			d = 1
		}
		if d < least {
			best, least = word, d
		}
	}
	return best
}

// slips is the number of letters to insert, delete, replace or swap with their
// neighbour that make a from b (optimal string alignment).
func slips(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
