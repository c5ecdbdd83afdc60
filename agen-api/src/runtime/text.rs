//! Text from outside, made fit for one line of an error.

/// Longest piece of foreign text that an error shows, in characters.
pub(super) const LONGEST: usize = 300;

/// `text` on one line: control characters and those that change the direction or the lines of a text are
/// escaped, and what is longer than [`LONGEST`] is cut, with `…` in its place.
pub(super) fn one_line(text: &str) -> String {
    let text = text.trim();
    let mut line = String::with_capacity(text.len().min(LONGEST));
    for (count, character) in text.chars().enumerate() {
        if count == LONGEST {
            line.push('…');
            break;
        }
        if is_disruptive(character) {
            line.extend(character.escape_unicode());
        } else {
            line.push(character);
        }
    }
    line
}

fn is_disruptive(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_terminal_codes_are_escaped() {
        assert_eq!(
            one_line("  a\nb\u{1b}[31m\u{202e}c "),
            "a\\u{a}b\\u{1b}[31m\\u{202e}c"
        );
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        let line = one_line(&"é".repeat(LONGEST + 1));
        assert_eq!(line.chars().count(), LONGEST + 1);
        assert!(line.ends_with("é…"));
        assert_eq!(one_line(&"é".repeat(LONGEST)), "é".repeat(LONGEST));
    }
}
