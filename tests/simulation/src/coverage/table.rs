//! The tables, for reading.

use std::collections::BTreeSet;
use std::fmt::Write;

use strum::VariantArray;

use super::cells::{Table, excuse, rows};
use super::{Coverage, Place, RequestKind, Struck};

impl Coverage {
    /// All tables. A dash is a cell that nothing leads to.
    pub fn table(&self) -> String {
        let mut text = String::new();
        for (table, title) in [
            (Table::Requests, "recorded of a request"),
            (Table::Ledgers, "recorded of an assignment"),
            (Table::Deeds, "done by people"),
        ] {
            self.write_cells(&mut text, table, title);
        }
        self.write_answers(&mut text);
        self.write_mishaps(&mut text);
        self.write_deaths(&mut text);
        let _ = writeln!(text, "\nfaults: {:?}\nother: {:?}", self.faults, self.other);
        text
    }

    fn write_cells(&self, text: &mut String, table: Table, title: &str) {
        let _ = write!(text, "\n{:<12} {title:<26} {:<24}", "state", command_title(table));
        for struck in Struck::VARIANTS {
            let _ = write!(text, " {:>14}", <&str>::from(*struck));
        }
        text.push('\n');
        for row in rows().into_iter().filter(|row| row.table == table) {
            let _ = write!(text, "{:<12} {:<26} {:<24}", row.state, row.what, command(table, row.what));
            for struck in Struck::VARIANTS {
                let count = self.cell(row, *struck);
                let shown = if count == 0 && excuse(row, *struck).is_some() {
                    "–".into()
                } else {
                    count.to_string()
                };
                let _ = write!(text, " {shown:>14}");
            }
            text.push('\n');
        }
    }

    fn write_answers(&self, text: &mut String) {
        let _ = writeln!(text, "\n{:<12} {:<12} answers", "deed", "state");
        let pairs: BTreeSet<_> = self.answers.keys().map(|(deed, state, _)| (deed, state)).collect();
        for (deed, state) in pairs {
            let answers = self.answers.iter().filter(|((d, s, _), _)| (d, s) == (deed, state));
            let answers: Vec<_> = answers.map(|((_, _, answer), n)| format!("{answer} {n}")).collect();
            let _ = writeln!(text, "{:<12} {state:<12} {}", <&str>::from(*deed), answers.join(", "));
        }
    }

    fn write_deaths(&self, text: &mut String) {
        let _ =
            writeln!(text, "\n{:<12} {:<12} {:<6} {:>9} {:>9}", "work", "waits at", "call", "waited", "died");
        for (place, waited) in &self.waited {
            let died = self.died.get(place).copied().unwrap_or_default();
            let Place { work, port, side } = place;
            let (port, side) = (format!("{port:?}"), format!("{side:?}").to_lowercase());
            let _ = writeln!(text, "{work:<12} {port:<12} {side:<6} {waited:>9} {died:>9}");
        }
    }

    fn write_mishaps(&self, text: &mut String) {
        let _ = writeln!(text, "\n{:<22} states of requests it befell", "mishap");
        let mishaps: BTreeSet<_> = self.mishaps.keys().map(|(mishap, _)| *mishap).collect();
        for mishap in mishaps {
            let states = self.mishaps.iter().filter(|((m, _), _)| *m == mishap);
            let states: Vec<_> =
                states.map(|((_, state), n)| format!("{} {n}", <&str>::from(*state))).collect();
            let _ = writeln!(text, "{:<22} {}", <&str>::from(mishap), states.join(", "));
        }
    }
}

fn command_title(table: Table) -> &'static str {
    match table {
        Table::Requests => "command",
        Table::Ledgers | Table::Deeds => "",
    }
}

fn command(table: Table, what: &str) -> &'static str {
    match table {
        Table::Requests => RequestKind::VARIANTS
            .iter()
            .find(|kind| <&str>::from(**kind) == what)
            .map_or("", |kind| kind.command()),
        Table::Ledgers | Table::Deeds => "",
    }
}
