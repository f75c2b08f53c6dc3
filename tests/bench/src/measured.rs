//! What came of measuring one thing many times.

/// The middle of some samples, and how far they spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    pub median: f64,
    /// The middle half of the samples lies between these two.
    pub quartiles: (f64, f64),
}

impl Measured {
    /// `None` if nothing was measured.
    pub fn of(samples: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut samples: Vec<f64> = samples.into_iter().collect();
        samples.sort_by(f64::total_cmp);
        let last = samples.len().checked_sub(1)?;
        let quarter = |quarters: usize| samples.get(last * quarters / 4).copied();
        Some(Self { median: quarter(2)?, quartiles: (quarter(1)?, quarter(3)?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_samples_far_away_move_neither_the_middle_nor_the_spread() {
        let calm = Measured::of([3.0, 1.0, 2.0, 5.0, 4.0]);
        assert_eq!(calm, Some(Measured { median: 3.0, quartiles: (2.0, 4.0) }));
        assert_eq!(Measured::of([3.0, 1.0, 2.0, 5_000.0, 4.0]), calm);
    }

    #[test]
    fn of_nothing_there_is_no_figure() {
        assert_eq!(Measured::of([]), None);
    }
}
