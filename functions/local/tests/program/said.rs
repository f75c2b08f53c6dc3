//! What a command says.

use std::process::Command;

/// What a command said, and its exit code.
pub(crate) fn said(mut command: Command) -> (i32, String) {
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}
