//! The file while it is read: where lines are, and the mistakes found so far.

use std::fmt::Display;
use std::ops::Range;

use toml::Spanned;

use super::{Fault, OrganizationFileError, Problem};

#[derive(Debug)]
pub(super) struct Draft {
    /// Where each line begins, in bytes.
    line_starts: Vec<usize>,
    problems: Vec<Problem>,
}

impl Draft {
    pub(super) fn new(text: &str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { line_starts: std::iter::once(0).chain(after_breaks).collect(), problems: Vec::new() }
    }

    /// The line on which a span begins, counted from 1.
    pub(super) fn line(&self, span: &Range<usize>) -> usize {
        self.line_starts.partition_point(|start| *start <= span.start)
    }

    pub(super) fn report(&mut self, span: Range<usize>, fault: Fault) {
        self.problems.push(Problem { line: self.line(&span), fault });
    }

    /// The value, or the mistake with what was expected.
    pub(super) fn accept<T, E: Display>(
        &mut self,
        text: &Spanned<String>,
        parsed: Result<T, E>,
    ) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(expected) => {
                self.malformed(text, expected);
                None
            }
        }
    }

    pub(super) fn malformed(&mut self, text: &Spanned<String>, expected: impl Display) {
        let fault = Fault::Malformed { value: text.get_ref().clone(), expected: expected.to_string() };
        self.report(text.span(), fault);
    }

    /// How many mistakes were found so far.
    pub(super) fn count(&self) -> usize {
        self.problems.len()
    }

    pub(super) fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    pub(super) fn into_error(mut self, file_name: &str) -> OrganizationFileError {
        self.problems.sort_by_key(|problem| problem.line);
        OrganizationFileError { file_name: file_name.to_owned(), problems: self.problems }
    }
}
