//! Words for the signs of a name, where they are all that tells it from another one.

/// The name with a word for `+` and `-` at either end, where they belong to what stands beside them:
/// `+1` and `-1` are two things, as are `A+` and `A-`, and `-name` is the way back from `name`.
pub(super) fn with_ends(name: &str) -> String {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let sign = |c: char| match c {
        '+' => Some("plus"),
        '-' => Some("minus"),
        _ => None,
    };
    let end = |text: &str| text.chars().next_back().and_then(sign);
    let mut rest = name;
    let mut made = String::new();
    if let Some(word) = rest.chars().next().and_then(sign)
        && is_word(rest.chars().nth(1))
    {
        made = format!("{word}-");
        rest = &rest[1..];
    }
    let inner = rest.trim_end_matches(['+', '-']);
    if !is_word(inner.chars().next_back()) {
        return made + rest;
    }
    let mut tail = Vec::new();
    while let Some(word) = end(rest).filter(|_| rest.len() > inner.len()) {
        tail.push(word);
        rest = &rest[..rest.len() - 1];
    }
    made.push_str(inner);
    for word in tail.iter().rev() {
        made.push('-');
        made.push_str(word);
    }
    made
}

/// The name with a word for every sign, but for those that only keep two words apart.
pub(super) fn spelled(name: &str) -> String {
    if name.is_empty() {
        return "empty".to_owned();
    }
    let mut made = String::new();
    let mut rest = name.chars().peekable();
    let separates = |c: &char| matches!(c, '_' | '-' | ' ');
    let mut behind_word = false;
    // How many brackets are open: the word of one stands for the one that closes it.
    let mut open = 0_usize;
    while let Some(c) = rest.next() {
        match c {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' if open > 0 => {
                open -= 1;
                made.push('-');
                behind_word = false;
                continue;
            }
            _ => {}
        }
        if c.is_alphanumeric() {
            made.push(c);
        } else if behind_word && separates(&c) {
            let mut run = String::from(c);
            while let Some(next) = rest.next_if(separates) {
                run.push(next);
            }
            if rest.peek().is_some_and(|next| next.is_alphanumeric()) {
                made.push('-');
            } else {
                run.chars()
                    .filter_map(word)
                    .for_each(|word| made.push_str(&format!("-{word}-")));
            }
        } else if let Some(word) = comparison(c, rest.peek()) {
            rest.next();
            made.push_str(&format!("-{word}-"));
        } else if let Some(word) = word(c) {
            made.push_str(&format!("-{word}-"));
        } else if unicode_ident::is_xid_continue(c) && !is_invisible(c) {
            made.push(c);
        } else if !is_invisible(c) {
            made.push_str(&format!("-u{:x}-", u32::from(c)));
        }
        behind_word = c.is_alphanumeric();
    }
    made
}

/// Signs of two characters that have a word of their own.
fn comparison(first: char, second: Option<&char>) -> Option<&'static str> {
    match (first, second) {
        ('>', Some('=')) => Some("greater-or-equal"),
        ('<', Some('=')) => Some("less-or-equal"),
        ('!', Some('=')) => Some("not-equal"),
        _ => None,
    }
}

/// What a sign is called. Another one than these is called by its number in Unicode.
fn word(sign: char) -> Option<&'static str> {
    Some(match sign {
        ' ' => "space",
        '\t' => "tab",
        '\n' | '\r' => "newline",
        '!' => "exclamation",
        '"' => "quote",
        '#' => "hash",
        '$' => "dollar",
        '%' => "percent",
        '&' => "ampersand",
        '\'' => "apostrophe",
        '(' => "parenthesis",
        ')' => "closing-parenthesis",
        '*' => "asterisk",
        '+' => "plus",
        ',' => "comma",
        '-' => "minus",
        '.' => "dot",
        '/' => "slash",
        ':' => "colon",
        ';' => "semicolon",
        '<' => "less",
        '=' => "equal",
        '>' => "greater",
        '?' => "question",
        '@' => "at",
        '[' => "bracket",
        '\\' => "backslash",
        ']' => "closing-bracket",
        '^' => "caret",
        '_' => "underscore",
        '`' => "backtick",
        '{' => "brace",
        '|' => "pipe",
        '}' => "closing-brace",
        '~' => "tilde",
        _ => return None,
    })
}

/// Signs that only say how the one before them is drawn, and control characters.
fn is_invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}
