//! The codes that an input has had so far, as fingerprints.

/// Parts of the set; each grows by itself, so that growing needs room for one part more and not for a second set.
const SHARDS: usize = 256;

/// 96 bits of a fingerprint; three words, so that a slot is 12 bytes.
type Slot = [u32; 3];

const EMPTY: Slot = [0; 3];

/// A set of fingerprints that needs 16 to 24 bytes for each once it is large.
///
/// Of 10 million codes two different ones have the same 96 bits with a probability below 10⁻¹⁴.
pub(super) struct Seen(Vec<Shard>);

#[derive(Default)]
struct Shard {
    slots: Vec<Slot>,
    taken: usize,
}

impl Seen {
    pub(super) fn new() -> Self {
        Self((0..SHARDS).map(|_| Shard::default()).collect())
    }

    /// Adds a fingerprint; `false` if it was there.
    pub(super) fn insert(&mut self, fingerprint: u128) -> bool {
        let [a, b, c, d, e, f, g, h, i, j, k, l, shard, ..] = fingerprint.to_le_bytes();
        let word = u32::from_le_bytes;
        let mut slot = [word([a, b, c, d]), word([e, f, g, h]), word([i, j, k, l])];
        if slot == EMPTY {
            slot = [1, 0, 0];
        }
        self.0
            .get_mut(usize::from(shard))
            .is_some_and(|shard| shard.insert(slot))
    }
}

impl Shard {
    fn insert(&mut self, slot: Slot) -> bool {
        // One slot in four stays free, so that a search comes to its end soon.
        if self.slots.len() * 3 <= self.taken * 4 {
            self.grow();
        }
        let is_new = put(&mut self.slots, slot);
        self.taken += usize::from(is_new);
        is_new
    }

    fn grow(&mut self) {
        let mut larger = vec![EMPTY; self.slots.len() / 2 * 3 + 16];
        for slot in std::mem::take(&mut self.slots) {
            if slot != EMPTY {
                put(&mut larger, slot);
            }
        }
        self.slots = larger;
    }
}

/// Puts `new` into the first free slot from its own on, around the end; `false` if it is there.
fn put(slots: &mut [Slot], new: Slot) -> bool {
    let [first, ..] = new;
    let home = (u64::from(first) * (slots.len() as u64)) >> 32;
    let (before, from_home) = slots.split_at_mut(usize::try_from(home).unwrap_or_default());
    for slot in from_home.iter_mut().chain(before) {
        if *slot == EMPTY {
            *slot = new;
            return true;
        }
        if *slot == new {
            return false;
        }
    }
    // There always is a free slot.
    false
}

#[cfg(test)]
mod tests {
    use super::super::hash::Key;
    use super::*;

    #[test]
    fn everything_is_new_once() {
        let key = Key::new([7; 16]);
        let mut seen = Seen::new();
        let print = |code: u32| key.fingerprint(code.to_string().as_bytes());
        for round in [true, false] {
            for code in 0..50_000 {
                assert_eq!(seen.insert(print(code)), round, "{code}");
            }
        }
        assert!(seen.insert(0));
        assert!(!seen.insert(0));
    }

    #[test]
    fn a_large_set_needs_at_most_twenty_four_bytes_a_code() {
        let key = Key::new([7; 16]);
        let mut seen = Seen::new();
        for code in 0..300_000_u32 {
            seen.insert(key.fingerprint(&code.to_le_bytes()));
        }
        let bytes: usize = seen
            .0
            .iter()
            .map(|shard| shard.slots.capacity() * size_of::<Slot>())
            .sum();
        assert!((300_000 * 15..=300_000 * 25).contains(&bytes), "{bytes}");
    }
}
