//! What the author probably meant.

/// The candidate that a name is most likely a misspelling of.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    const LONGEST: usize = 64;
    const MOST: usize = 1000;
    let length = name.chars().count();
    if length > LONGEST {
        return None;
    }
    let allowed = (length / 3).clamp(1, 4);
    let mut candidates: Vec<&str> = candidates.take(MOST).collect();
    candidates.sort_unstable();
    let extended = |candidate: &&str| length >= 3 && candidate.starts_with(name);
    let extended = candidates.iter().copied().find(extended);
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
        .or(extended)
}

/// How many characters are to be inserted, removed or changed, whatever their case.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.to_lowercase().chars().enumerate() {
        let mut diagonal = i;
        let mut before = i + 1;
        for (cell, right) in row
            .iter_mut()
            .zip(std::iter::once(None).chain(b.iter().map(Some)))
        {
            let Some(right) = right else {
                *cell = before;
                continue;
            };
            let changed = diagonal + usize::from(left != *right);
            diagonal = *cell;
            before = changed.min(*cell + 1).min(before + 1);
            *cell = before;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("Same", "same"), 0);
        assert_eq!(distance("abc", ""), 3);
    }

    #[test]
    fn only_what_is_near_is_suggested() {
        let names = ["description", "deprecated", "summary"];
        let near = |name| nearest(name, names.into_iter());
        assert_eq!(near("desciption"), Some("description"));
        assert_eq!(near("Summary"), Some("summary"));
        assert_eq!(near("desc"), Some("description"));
        assert_eq!(near("whatever"), None);
    }
}
