//! What can be wrong with an organization file.

use std::fmt;

/// An organization file with mistakes: all of them, in the order of their lines.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct OrganizationFileError {
    pub file_name: String,
    pub problems: Vec<Problem>,
}

impl fmt::Display for OrganizationFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, problem) in self.problems.iter().enumerate() {
            let separator = if position == 0 { "" } else { "\n" };
            write!(f, "{separator}{}:{}: {}", self.file_name, problem.line, problem.fault)?;
        }
        Ok(())
    }
}

/// One mistake and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Counted from 1.
    pub line: usize,
    pub fault: Fault,
}

/// A mistake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not TOML, a field that does not exist or is missing, or a value of the wrong type.
    #[error("{0}")]
    Syntax(String),
    #[error("the file is longer than {longest} bytes")]
    TooLong { longest: usize },
    #[error("there is no {kind} `{name}`; declare it with [[{table}]] or correct the name")]
    Unknown { kind: &'static str, table: &'static str, name: String },
    #[error(
        "the directory has no {kind} `{name}`; correct the name, or wait until kari has read the directory again"
    )]
    NotInDirectory { kind: &'static str, name: String },
    #[error("several have the name `{name}`; name the {kind} that is meant by its id: {}", .ids.join(" or "))]
    Ambiguous { kind: &'static str, name: String, ids: Vec<String> },
    #[error("{kind} `{name}` is declared twice, first on line {first_line}; remove or rename one")]
    Duplicate { kind: &'static str, name: String, first_line: usize },
    #[error("`{value}` is not right here: {expected}")]
    Malformed { value: String, expected: String },
    #[error("unit `{name}` lies within itself: {}; change one of the parents", .path.join(" in "))]
    UnitCycle { name: String, path: Vec<String> },
    #[error("unit `{name}` is nested more than {deepest} deep; Organizations does not allow that")]
    UnitTooDeep { name: String, deepest: usize },
    #[error("{what} `{name}` {problem}")]
    Incomplete { what: &'static str, name: String, problem: &'static str },
    #[error("policy `{id}`: {problem}")]
    Policy { id: String, problem: String },
    #[error("{0}")]
    Setting(String),
}
