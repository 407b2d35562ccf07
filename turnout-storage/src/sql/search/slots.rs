//! Sets of slots.

use super::bytes::{Reader, write_number};

/// Some slots of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slots(Vec<u64>);

impl Slots {
    /// None of so many.
    pub(crate) fn none(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    /// All of so many.
    pub(crate) fn all(count: usize) -> Self {
        let mut words = vec![u64::MAX; count.div_ceil(64)];
        if let Some(last) = words.last_mut().filter(|_| !count.is_multiple_of(64)) {
            *last = (1 << (count % 64)) - 1;
        }
        Self(words)
    }

    /// Keeps those that are in the other set, too.
    pub(crate) fn keep(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= other;
        }
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Those from this one on, in order.
    pub(crate) fn from(&self, first: usize) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().skip(first / 64).flat_map(move |(index, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros();
                left &= left.wrapping_sub(1);
                (bit < 64).then_some(index * 64 + bit as usize)
            })
            .filter(move |slot| *slot >= first)
        })
    }

    /// Writes slots of a block of `count`, which come in order, in whichever form is shorter: the distances between them,
    /// or a bit for each slot.
    pub(super) fn write(bytes: &mut Vec<u8>, slots: &[usize], count: usize) {
        let mut distances = Vec::new();
        let mut next = 0;
        for slot in slots {
            write_number(&mut distances, (slot - next) as u64);
            next = slot + 1;
        }
        let mut bits = Vec::new();
        if count.div_ceil(8) < distances.len() {
            bits.resize(count.div_ceil(8), 0);
            for slot in slots {
                bits[slot / 8] |= 1 << (slot % 8);
            }
        }
        let (kind, form) = if bits.is_empty() { (0, distances) } else { (1, bits) };
        write_number(bytes, (form.len() as u64) << 1 | kind);
        bytes.extend(form);
    }

    /// Adds what was written.
    pub(super) fn read(&mut self, from: &mut Reader<'_>) -> Option<()> {
        let header = from.number()?;
        let form = from.take(usize::try_from(header >> 1).ok()?)?;
        if header & 1 == 1 {
            for (index, byte) in form.iter().enumerate() {
                *self.0.get_mut(index / 8)? |= u64::from(*byte) << (index % 8 * 8);
            }
            return Some(());
        }
        let (mut distances, mut next) = (Reader(form), 0_usize);
        while !distances.is_at_end() {
            let slot = next.checked_add(distances.count()?)?;
            *self.0.get_mut(slot / 64)? |= 1 << (slot % 64);
            next = slot + 1;
        }
        Some(())
    }

    /// Goes past what was written.
    pub(super) fn skip(from: &mut Reader<'_>) -> Option<()> {
        let header = from.number()?;
        from.take(usize::try_from(header >> 1).ok()?).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(slots: &[usize], count: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        Slots::write(&mut bytes, slots, count);
        bytes
    }

    #[test]
    fn many_slots_take_a_bit_each_and_few_their_distance() {
        let all: Vec<usize> = (0..8_000).collect();
        assert!(written(&all, 8_000).len() <= 1_003);
        assert!(written(&[7_999], 8_000).len() <= 3);
        assert_eq!(Slots::all(130).from(0).count(), 130);
        assert!(Slots::all(0).is_empty() && Slots::none(130).is_empty());
    }

    proptest! {
        #[test]
        fn slots_come_back_as_they_were_written(
            set in prop::collection::btree_set(0_usize..500, 0..400), first in 0_usize..520
        ) {
            let slots: Vec<usize> = set.into_iter().collect();
            let bytes = written(&slots, 500);
            let mut back = Slots::none(500);
            let mut reader = Reader(&bytes);
            prop_assert_eq!(back.read(&mut reader), Some(()));
            prop_assert!(reader.is_at_end());
            prop_assert_eq!(back.from(0).collect::<Vec<_>>(), slots.clone());
            let later: Vec<usize> = slots.iter().copied().filter(|slot| *slot >= first).collect();
            prop_assert_eq!(back.from(first).collect::<Vec<_>>(), later);
            let mut kept = Slots::all(500);
            kept.keep(&back);
            prop_assert_eq!(&kept, &back);
            prop_assert_eq!(back.is_empty(), slots.is_empty());
            let mut reader = Reader(&bytes);
            prop_assert_eq!(Slots::skip(&mut reader), Some(()));
            prop_assert!(reader.is_at_end());
        }

        #[test]
        fn garbage_is_no_set_or_one_of_the_block(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let mut slots = Slots::none(64);
            if slots.read(&mut Reader(&bytes)).is_some() {
                prop_assert!(slots.from(0).all(|slot| slot < 64));
            }
        }
    }
}
