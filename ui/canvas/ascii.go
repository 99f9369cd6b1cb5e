package canvas

// fold is the 7-bit twin of a glyph, for terminals that are not UTF-8.
func fold(r rune) byte {
	switch r {
	case '─', '╌', '┄', '━', '╸', '╺', '▔', '▁', '▀', '▄':
		return '-'
	case '│', '┊', '┃', '▌', '▎', '▏', '├', '┤':
		return '|'
	case '╰', '╭', '╮', '╯', '┬', '┴', '✓':
		return '+'
	case '…':
		return '~'
	case '·', '▯':
		return '.'
	case '↑', '⇡', '⇞':
		return '^'
	case '↓', '⇣', '⇟':
		return 'v'
	case '←':
		return '<'
	case '→', '▸', '⇥', '⏎':
		return '>'
	case '█', '▮':
		return '#'
	case '●', '•':
		return '*'
	case '○':
		return 'o'
	case '◉', '◆':
		return '@'
	case '✗', '×':
		return 'x'
	case '↯', '⊘':
		return '!'
	case '⇧':
		return 'S'
	case 'µ':
		return 'u'
	}
	return '?'
}
