//! The lines of both versions around a change, with what differs between the two.

use std::ops::Range;
use std::time::Duration;

use agen_codegen::{
    printable,
    review::{Finding, Place},
};
use similar::{DiffOp, DiffTag, TextDiff};

use super::{Shown, Side};

/// Lines before the place.
const BEFORE: usize = 2;
/// Lines behind the place, at least and at most.
const LEAST_AFTER: usize = 3;
const MOST_AFTER: usize = 12;
/// Characters of a line.
const WIDTH: usize = 160;

/// How long the two are held against each other. Very different documents of many megabytes take longer;
/// what is not known to be the same by then is marked as changed.
const LONGEST: Duration = Duration::from_secs(5);

/// A line of a version.
pub(super) struct Line {
    /// From 1.
    pub(super) number: usize,
    /// Fit for a page, but for the signs of its markup.
    pub(super) text: String,
    /// Whether the other version does not have it.
    pub(super) is_changed: bool,
}

/// The texts of both versions, by lines, and which lines only one of them has.
pub(super) struct Excerpts<'a> {
    lines: [Vec<&'a str>; 2],
    changed: [Vec<bool>; 2],
    ops: Vec<DiffOp>,
}

impl<'a> Excerpts<'a> {
    pub(super) fn new(shown: &Shown<'a>) -> Self {
        let lines = |side| -> Vec<&'a str> { shown.side(side).text.lines().collect() };
        let lines = [lines(Side::Base), lines(Side::Head)];
        let [old, new] = &lines;
        let diff = TextDiff::configure().timeout(LONGEST).diff_slices(old, new);
        let ops = diff.ops().to_vec();
        let mut changed = [vec![false; old.len()], vec![false; new.len()]];
        for op in ops.iter().filter(|op| op.tag() != DiffTag::Equal) {
            for (marks, range) in changed.iter_mut().zip([op.old_range(), op.new_range()]) {
                marks.get_mut(range).unwrap_or_default().fill(true);
            }
        }
        Self {
            lines,
            changed,
            ops,
        }
    }

    /// What stands around a finding in the base and in the head. Where one of them does not have it, the
    /// lines are shown that correspond to those of the other.
    pub(super) fn of(&self, shown: &Shown<'_>, found: &Finding) -> [Vec<Line>; 2] {
        let place = |side, place: &Option<Place>| {
            let place = place.as_ref()?;
            let at = shown.position(side, place.span.start);
            Some((self.around(side, at.line - 1), at.column))
        };
        let (base, head) = (
            place(Side::Base, &found.base),
            place(Side::Head, &found.head),
        );
        let [(base, old_column), (head, new_column)] = match (base, head) {
            (Some(base), Some(head)) => [base, head],
            (Some(base), None) => {
                let head = self.across(Side::Base, &base.0);
                [base, (head, 1)]
            }
            (None, Some(head)) => [(self.across(Side::Head, &head.0), 1), head],
            (None, None) => return [Vec::new(), Vec::new()],
        };
        [
            self.lines(Side::Base, base, old_column),
            self.lines(Side::Head, head, new_column),
        ]
    }

    fn lines(&self, side: Side, range: Range<usize>, column: usize) -> Vec<Line> {
        let (lines, changed) = (&self.lines[side as usize], &self.changed[side as usize]);
        let some = lines.get(range.clone()).unwrap_or_default().iter();
        let spaces = |line: &&&str| line.len() - line.trim_start_matches(' ').len();
        let filled = some.filter(|line| !line.trim().is_empty());
        // What all of them are indented by says nothing.
        let margin = filled.map(|line| spaces(&line)).min().unwrap_or_default();
        let column = column.saturating_sub(margin);
        let numbered = lines.iter().zip(changed).enumerate();
        let some = numbered.skip(range.start).take(range.len());
        some.map(|(index, (text, is_changed))| Line {
            number: index + 1,
            text: cut(text.get(margin..).unwrap_or_default(), column),
            is_changed: *is_changed,
        })
        .collect()
    }

    /// A line, some before it, and those that belong to it.
    fn around(&self, side: Side, at: usize) -> Range<usize> {
        let lines = &self.lines[side as usize];
        let depth = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
        let own = lines.get(at).map_or(0, |line| depth(line));
        let below = lines.iter().skip(at + 1).take(MOST_AFTER);
        let inside = |line: &&&str| line.trim().is_empty() || depth(line) > own;
        let below = below.take_while(inside).count();
        // One more line shows that the thing has ended.
        let end = at + 1 + (below + 1).clamp(LEAST_AFTER, MOST_AFTER);
        at.saturating_sub(BEFORE)..end.min(lines.len())
    }

    /// The lines of the other side that correspond to some of this one, no more than are shown of a side.
    fn across(&self, from: Side, range: &Range<usize>) -> Range<usize> {
        let other = |at: usize| {
            for op in &self.ops {
                let (here, there) = match from {
                    Side::Base => (op.old_range(), op.new_range()),
                    Side::Head => (op.new_range(), op.old_range()),
                };
                if here.contains(&at) {
                    let into = at - here.start;
                    return match op.tag() {
                        DiffTag::Equal => there.start + into,
                        _ => there.start + into.min(there.len()),
                    };
                }
            }
            match from {
                Side::Base => self.lines[1].len(),
                Side::Head => self.lines[0].len(),
            }
        };
        let start = other(range.start);
        let end = other(range.end).max(start);
        start..end.min(start + BEFORE + MOST_AFTER + 1)
    }
}

/// A line, or the part of a long one in which a column is.
fn cut(line: &str, column: usize) -> String {
    let length = line.chars().count();
    let skipped = if length > WIDTH {
        column.saturating_sub(WIDTH / 3)
    } else {
        0
    };
    let mut text = String::new();
    if skipped > 0 {
        text.push('…');
    }
    let part: String = line.chars().skip(skipped).take(WIDTH).collect();
    text.push_str(&printable(&part));
    if length > skipped + WIDTH {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn a_long_line_is_cut_around_its_place() {
        assert_eq!(cut("a: \u{1b}", 1), "a: ␛");
        let long = format!("{}b{}", "a".repeat(1000), "c".repeat(1000));
        let shown = cut(&long, 1001);
        assert!(shown.starts_with("…a") && shown.ends_with("c…") && shown.contains('b'));
        assert_eq!(shown.chars().count(), super::WIDTH + 2);
    }
}
