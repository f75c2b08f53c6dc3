//! What an examination found, one line a check, with what to do.

use std::fmt;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Ok,
    Warning,
    Problem,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Check {
    pub(super) about: &'static str,
    pub(super) verdict: Verdict,
    pub(super) found: String,
    /// What to do about it; empty where nothing is wrong.
    pub(super) advice: String,
}

/// All checks, in the order in which they were made.
#[derive(Debug, Default)]
pub(crate) struct Report(Vec<Check>);

impl Report {
    pub(super) fn ok(&mut self, about: &'static str, found: impl Into<String>) {
        self.add(about, Verdict::Ok, found, "");
    }

    pub(super) fn warn(&mut self, about: &'static str, found: impl Into<String>, advice: impl Into<String>) {
        self.add(about, Verdict::Warning, found, advice);
    }

    pub(super) fn problem(
        &mut self,
        about: &'static str,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.add(about, Verdict::Problem, found, advice);
    }

    fn add(
        &mut self,
        about: &'static str,
        verdict: Verdict,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.0.push(Check { about, verdict, found: found.into(), advice: advice.into() });
    }

    pub(crate) fn is_healthy(&self) -> bool {
        self.0.iter().all(|check| check.verdict != Verdict::Problem)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Check { about, verdict, found, advice } in &self.0 {
            let word = match verdict {
                Verdict::Ok => "ok",
                Verdict::Warning => "warning",
                Verdict::Problem => "problem",
            };
            writeln!(f, "{word:8} {about}: {found}")?;
            if !advice.is_empty() {
                writeln!(f, "         → {advice}")?;
            }
        }
        let count = |of: Verdict| self.0.iter().filter(|check| check.verdict == of).count();
        let (checks, warnings, problems) = (self.0.len(), count(Verdict::Warning), count(Verdict::Problem));
        writeln!(f, "{checks} checks: {problems} problems, {warnings} warnings")
    }
}
