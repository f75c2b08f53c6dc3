//! The file of a deployment: the variables that its functions have, one a line. `infra/deploy.py` writes it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use kari_aws::environment::Environment;

/// Reads the file of a deployment.
///
/// # Errors
/// If it cannot be read, is no such file, or lacks something.
pub(super) fn read(file: &Path) -> anyhow::Result<Environment> {
    let name = file.display();
    let text = std::fs::read_to_string(file).with_context(|| {
        format!(
            "{name} cannot be read; write it with `infra/deploy.py --describe`, and name it with --deployment"
        )
    })?;
    let variables = variables(&text).with_context(|| format!("{name} is not the file of a deployment"))?;
    Environment::read(|name| variables.get(name).map(|value| (*value).to_owned()))
        .with_context(|| format!("{name} is not complete; write it anew with `infra/deploy.py --describe`"))
}

fn variables(text: &str) -> anyhow::Result<BTreeMap<&str, &str>> {
    let mut variables = BTreeMap::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((name, value)) = line.split_once('=') else { bail!("line {} is not NAME=VALUE", at + 1) };
        variables.insert(name.trim(), value.trim());
    }
    Ok(variables)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_a_variable_but_for_remarks_and_empty_ones() {
        let read =
            variables("# remark\n\n KARI_TABLE = kari \nKARI_ISSUER=https://i.example/?a=b\nKARI_X=\n")
                .unwrap();
        let expected = [("KARI_TABLE", "kari"), ("KARI_ISSUER", "https://i.example/?a=b"), ("KARI_X", "")];
        assert_eq!(read, expected.into());
        assert_eq!(variables("\nnonsense").unwrap_err().to_string(), "line 2 is not NAME=VALUE");
    }

    #[test]
    fn what_is_missing_is_named_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kari.deployment");
        let told = |file: &Path| format!("{:#}", read(file).unwrap_err());
        assert!(told(&file).contains("deploy.py --describe"));
        std::fs::write(&file, "AWS_REGION=eu-central-1\n").unwrap();
        assert!(told(&file).contains("KARI_TABLE") && told(&file).contains("deploy.py --describe"));
    }
}
