//! A program that was built without AWS.

use crate::said::said;
use crate::support::kari;

#[test]
fn a_topic_is_refused_with_what_to_do_about_it() {
    let home = tempfile::tempdir().unwrap();
    let mut command = kari();
    command.args(["serve", "--port=0", "--sns-topic=arn:aws:sns:eu-central-1:111122223333:kari"]);
    command.arg("--data-dir").arg(home.path().join("kari"));
    let (code, text) = said(command);
    assert!(
        code == 1 && text.contains("built without AWS: build one that has it with `make kari`"),
        "{text}"
    );
}
