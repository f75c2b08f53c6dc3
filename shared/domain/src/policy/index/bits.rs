//! A set of small numbers, here positions of policies.

const WORD: usize = 64;

/// A set of positions below a size fixed when it is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::policy) struct Bits(Vec<u64>);

impl Bits {
    /// The empty set of positions below `size`.
    pub(in crate::policy) fn empty(size: usize) -> Self {
        Self(vec![0; size.div_ceil(WORD)])
    }

    /// The set with these words, the lowest positions first.
    pub(in crate::policy) fn from_words(words: impl Iterator<Item = u64>) -> Self {
        Self(words.collect())
    }

    /// Adds a position.
    pub(in crate::policy) fn insert(&mut self, position: usize) {
        if let Some(word) = self.0.get_mut(position / WORD) {
            *word |= 1 << (position % WORD);
        }
    }

    /// Adds positions.
    pub(in crate::policy) fn insert_all(&mut self, positions: &[u32]) {
        for &position in positions {
            self.insert(position as usize);
        }
    }

    /// Takes positions out.
    pub(in crate::policy) fn remove_all(&mut self, positions: &[u32]) {
        for &position in positions {
            if let Some(word) = self.0.get_mut(position as usize / WORD) {
                *word &= !(1 << (position as usize % WORD));
            }
        }
    }

    /// Whether it holds a position.
    pub(in crate::policy) fn contains(&self, position: usize) -> bool {
        self.0.get(position / WORD).is_some_and(|word| word & (1 << (position % WORD)) != 0)
    }

    /// Keeps what is in the other set as well.
    pub(in crate::policy) fn keep(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
    }

    /// The positions, ascending.
    pub(in crate::policy) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, &word)| Ones(word).map(move |bit| at * WORD + bit))
    }

    /// The positions, ascending.
    pub(in crate::policy) fn into_positions(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(at, word)| Ones(word).map(move |bit| at * WORD + bit))
    }

    /// The words, the lowest positions first.
    pub(in crate::policy) fn words(&self) -> &[u64] {
        &self.0
    }
}

/// The positions of the ones in a word, ascending.
struct Ones(u64);

impl Iterator for Ones {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.0 == 0 {
            return None;
        }
        let bit = self.0.trailing_zeros() as usize;
        self.0 &= self.0 - 1;
        Some(bit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in_across_words() {
        let mut bits = Bits::empty(200);
        bits.insert_all(&[0, 63, 64, 130, 199]);
        bits.remove_all(&[64]);
        assert_eq!(bits.iter().collect::<Vec<_>>(), [0, 63, 130, 199]);
        assert_eq!(bits.clone().into_positions().collect::<Vec<_>>(), [0, 63, 130, 199]);
        assert!(bits.contains(130) && !bits.contains(64) && !bits.contains(10_000));
    }

    #[test]
    fn keeping_is_the_intersection() {
        let (mut one, mut other) = (Bits::empty(100), Bits::empty(100));
        one.insert_all(&[1, 2, 70]);
        other.insert_all(&[2, 70, 71]);
        one.keep(&other);
        assert_eq!(one.iter().collect::<Vec<_>>(), [2, 70]);
    }
}
