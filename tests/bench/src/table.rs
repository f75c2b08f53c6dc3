//! The one table that `make bench` prints: what was measured, and whether it keeps to its budget.

use std::fmt;

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{CellAlignment, Table};

use crate::Measured;

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Seconds,
    JourneysPerSecond,
    Calls,
    Bytes,
}

/// One row.
#[derive(Debug, Clone)]
pub struct Figure {
    pub what: String,
    pub unit: Unit,
    pub measured: Measured,
    /// The most it may be, if anything depends on it.
    pub budget: Option<f64>,
}

/// The rows, in order.
#[derive(Debug, Clone, Default)]
pub struct Figures(pub Vec<Figure>);

impl Unit {
    fn show(self, value: f64) -> String {
        match self {
            Self::Seconds if value < 1e-6 => format!("{} ns", three_digits(value * 1e9)),
            Self::Seconds if value < 1e-3 => format!("{} µs", three_digits(value * 1e6)),
            Self::Seconds if value < 1.0 => format!("{} ms", three_digits(value * 1e3)),
            Self::Seconds => format!("{} s", three_digits(value)),
            Self::JourneysPerSecond => format!("{} /s", three_digits(value)),
            Self::Calls => format!("{value:.0}"),
            Self::Bytes => format!("{} MB", three_digits(value / 1e6)),
        }
    }
}

/// More digits than three tell of the machine, not of the program.
fn three_digits(value: f64) -> String {
    let decimals = if value >= 99.95 { 0 } else { 1 + usize::from(value < 9.995) };
    format!("{value:.decimals$}")
}

impl Figure {
    fn is_missed(&self) -> bool {
        self.budget.is_some_and(|most| self.measured.median > most)
    }

    fn cells(&self) -> [String; 5] {
        let (lower, upper) = self.measured.quartiles;
        let verdict = match self.budget {
            None => "",
            Some(_) if self.is_missed() => "✗",
            Some(_) => "✓",
        };
        [
            self.what.clone(),
            self.unit.show(self.measured.median),
            format!("{} – {}", self.unit.show(lower), self.unit.show(upper)),
            self.budget.map_or_else(String::new, |most| format!("≤ {}", self.unit.show(most))),
            verdict.to_owned(),
        ]
    }
}

impl Figures {
    /// Whether a budget is missed.
    pub fn miss_a_budget(&self) -> bool {
        self.0.iter().any(Figure::is_missed)
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED);
        table.set_header(["what", "median", "middle half", "budget", ""]);
        table.add_rows(self.0.iter().map(Figure::cells));
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        table.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(median: f64, budget: Option<f64>) -> Figure {
        let measured = Measured { median, quartiles: (median / 2.0, median * 2.0) };
        Figure { what: "one thing".to_owned(), unit: Unit::Seconds, measured, budget }
    }

    #[test]
    fn a_budget_is_missed_by_what_is_above_it_and_only_by_that() {
        let figures = |last| Figures(vec![figure(9.0, None), figure(1.0, Some(1.0)), last]);
        assert!(!figures(figure(2.0, Some(3.0))).miss_a_budget());
        assert!(figures(figure(3.001, Some(3.0))).miss_a_budget());
    }

    #[test]
    fn each_row_says_the_figure_its_spread_its_budget_and_whether_it_is_kept() {
        let row = |budget| figure(12.34e-6, budget).cells();
        assert_eq!(row(None), ["one thing", "12.3 µs", "6.17 µs – 24.7 µs", "", ""]);
        assert_eq!(row(Some(20e-6))[3..], ["≤ 20.0 µs", "✓"]);
        assert_eq!(row(Some(10e-6))[3..], ["≤ 10.0 µs", "✗"]);
    }

    #[test]
    fn figures_have_three_digits_whatever_their_size() {
        let shown = [999.6e-9, 0.01, 0.5, 12.0].map(|value| Unit::Seconds.show(value));
        assert_eq!(shown, ["1000 ns", "10.0 ms", "500 ms", "12.0 s"]);
        assert_eq!(Unit::JourneysPerSecond.show(28.449), "28.4 /s");
        assert_eq!(Unit::Calls.show(15.0), "15");
    }
}
