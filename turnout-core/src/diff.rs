//! What is different between two texts, line by line.

/// A line of two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'t> {
    /// It is in both.
    Same(&'t str),
    /// It is only in the text before.
    Gone(&'t str),
    /// It is only in the text after.
    New(&'t str),
}

/// So many pairs of lines are compared; where there are more, all lines between the first and the last that differ count as
/// changed.
const MOST_PAIRS: usize = 1_000_000;

/// The lines of both texts in order, as few of them changed as can be; where one took the place of another, the old one
/// first.
///
/// ```
/// use turnout_core::diff::{Line, lines};
///
/// let found = lines("Bring ID.\nCall first.", "Bring ID.\nWrite first.");
/// assert_eq!(found, [Line::Same("Bring ID."), Line::Gone("Call first."), Line::New("Write first.")]);
/// ```
#[must_use]
pub fn lines<'t>(before: &'t str, after: &'t str) -> Vec<Line<'t>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_middle, new_middle) = (&old_rest[..old_rest.len() - tail], &new_rest[..new_rest.len() - tail]);
    let mut found: Vec<Line<'t>> = old[..head].iter().map(|line| Line::Same(line)).collect();
    found.extend(middle(old_middle, new_middle));
    found.extend(old_rest[old_rest.len() - tail..].iter().map(|line| Line::Same(line)));
    found
}

/// By the longest run of lines that both have in common.
fn middle<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<Line<'t>> {
    let all = || {
        let gone = old.iter().map(|line| Line::Gone(line));
        gone.chain(new.iter().map(|line| Line::New(line))).collect()
    };
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        return all();
    }
    // longest[i][j]: of what follows in both
    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i * width + j] = if old[i] == new[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut found = Vec::with_capacity(old.len() + new.len());
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            found.push(Line::Same(old[i]));
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            found.push(Line::Gone(old[i]));
            i += 1;
        } else {
            found.push(Line::New(new[j]));
            j += 1;
        }
    }
    found.extend(old[i..].iter().map(|line| Line::Gone(line)));
    found.extend(new[j..].iter().map(|line| Line::New(line)));
    found
}

#[cfg(test)]
mod tests {
    use super::{
        Line::{Gone, New, Same},
        *,
    };

    #[test]
    fn a_line_in_the_middle_is_added_changed_and_taken_away() {
        assert_eq!(lines("a\nc", "a\nb\nc"), [Same("a"), New("b"), Same("c")]);
        assert_eq!(lines("a\nb\nc", "a\nB\nc"), [Same("a"), Gone("b"), New("B"), Same("c")]);
        assert_eq!(lines("a\nb\nc", "a\nc"), [Same("a"), Gone("b"), Same("c")]);
        assert_eq!(lines("", "a"), [New("a")]);
        assert_eq!(lines("a\na", "a"), [Same("a"), Gone("a")]);
        assert_eq!(lines("", ""), []);
    }

    #[test]
    fn as_few_lines_as_can_be_are_changed() {
        let found = lines("one\ntwo\nthree\nfour", "zero\ntwo\nfour\nfive");
        assert_eq!(found, [Gone("one"), New("zero"), Same("two"), Gone("three"), Same("four"), New("five")]);
    }

    #[test]
    fn texts_that_are_too_long_are_changed_from_the_first_to_the_last_line_that_differs() {
        let old: Vec<String> = (0..2_000).map(|i| format!("old {i}")).collect();
        let new: Vec<String> = (0..2_000).map(|i| format!("new {i}")).collect();
        let (old, new) = (format!("same\n{}\nend", old.join("\n")), format!("same\n{}\nend", new.join("\n")));
        let found = lines(&old, &new);
        assert_eq!(found.len(), 4_002);
        assert_eq!((found[0], found[4_001]), (Same("same"), Same("end")));
    }
}
