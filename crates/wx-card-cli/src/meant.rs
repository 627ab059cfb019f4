//! What may be meant by a word that is not known: one that is a slip of the keyboard away.

/// How far a known name may be from what stands there to be meant.
const SLIP: usize = 2;

/// What may be meant by `name`, as the end of a message; nothing where no known name is near.
pub(crate) fn meant<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest(name, known).map_or_else(String::new, |known| format!("; is {known} meant?"))
}

/// The known name that is nearest, where one is near.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    match known.map(|known| (distance(name, known), known)).min() {
        Some((far, known)) if far <= SLIP => Some(known),
        _ => None,
    }
}

/// How many characters must be put in, left out or changed to make one name of the other.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (index, c) in one.chars().enumerate() {
        let mut next = vec![index + 1];
        for ((d, above), before) in other.chars().zip(row.iter().skip(1)).zip(&row) {
            let left = next.last().copied().unwrap_or_default();
            next.push((before + usize::from(c != d)).min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_counts_what_must_change() {
        for (one, other, far) in [
            ("", "", 0),
            ("title", "", 5),
            ("", "title", 5),
            ("title", "title", 0),
            ("titel", "title", 2),
            ("get_limits", "get_limit", 1),
            ("color", "colour", 1),
            ("限", "券", 1),
        ] {
            assert_eq!(distance(one, other), far, "{one} {other}");
        }
    }
}
