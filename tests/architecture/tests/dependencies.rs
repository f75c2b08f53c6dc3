//! The dependency rule: `domain ← application ← {aws, embedded, slack} ← functions/*`, where adapters share
//! what every machine has (`shared/machine`), what all channels say (`shared/texts`), and letters, which several of
//! them can carry (`shared/mail`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{Dependency, DependencyKind, Metadata, MetadataCommand, Package};

/// The layers, the innermost first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    Domain,
    Application,
    /// The clock and the randomness that every adapter has: `shared/machine`.
    Machine,
    /// The sentences of all channels: `shared/texts`.
    Texts,
    /// E-mail, whoever carries it: `shared/mail`.
    Mail,
    /// What we call: `shared/{aws,embedded,slack}`.
    Adapter,
    /// What calls us.
    Function,
    /// What crosses components.
    Test,
}

/// Which layer a package belongs to is read off its folder, never off its name.
fn layer_of(folder: &str) -> Option<Layer> {
    match folder.split('/').collect::<Vec<_>>().as_slice() {
        ["shared", "domain"] => Some(Layer::Domain),
        ["shared", "application"] => Some(Layer::Application),
        ["shared", "machine"] => Some(Layer::Machine),
        ["shared", "texts"] => Some(Layer::Texts),
        ["shared", "mail"] => Some(Layer::Mail),
        ["shared", "aws" | "embedded" | "slack"] => Some(Layer::Adapter),
        // The API runs in two places, so what makes a Lambda function of it lies beneath it.
        ["functions", _] | ["functions", "api" | "slack", "lambda"] => Some(Layer::Function),
        ["tests", _] => Some(Layer::Test),
        _ => None,
    }
}

/// Whether a package may use another of ours. Outward is never allowed; sideways only where a
/// function hosts another one, as `functions/local` hosts them all, and `functions/{api,slack}/lambda` the one above it.
fn may_use(from: (&str, Layer), to: (&str, Layer)) -> bool {
    match from.1 {
        Layer::Domain => false,
        Layer::Application => to.1 == Layer::Domain,
        Layer::Machine | Layer::Texts => matches!(to.1, Layer::Domain | Layer::Application),
        Layer::Mail => matches!(to.1, Layer::Domain | Layer::Application | Layer::Texts),
        Layer::Adapter => to.1 < Layer::Adapter,
        Layer::Function if to.1 == Layer::Function => {
            from.0 == "functions/local" || from.0.starts_with(&format!("{}/", to.0))
        }
        Layer::Function => to.1 < Layer::Function,
        Layer::Test => true,
    }
}

/// What the innermost layers must never know: runtimes, SDKs, databases, HTTP, clocks of others.
const FORBIDDEN_INSIDE: [&str; 14] = [
    "tokio",
    "axum",
    "hyper",
    "reqwest",
    "rusqlite",
    "rand",
    "ring",
    "lambda_http",
    "lambda_runtime",
    "slack-morphism",
    "tracing-subscriber",
    "utoipa",
    "tower",
    "getrandom",
];

fn metadata() -> Metadata {
    MetadataCommand::new().no_deps().exec().expect("cargo metadata answers")
}

fn folder(metadata: &Metadata, package: &Package) -> String {
    let manifest = package.manifest_path.parent().unwrap();
    manifest.strip_prefix(&metadata.workspace_root).unwrap().as_str().to_owned()
}

/// The packages of the workspace: folder by name.
fn folders(metadata: &Metadata) -> BTreeMap<String, String> {
    metadata.packages.iter().map(|p| (p.name.to_string(), folder(metadata, p))).collect()
}

/// What a package needs to be built and run; its own tests may use more.
fn needs(package: &Package) -> BTreeSet<String> {
    let built = package.dependencies.iter().filter(|d| d.kind != DependencyKind::Development);
    built.map(|dependency| dependency.name.clone()).collect()
}

#[test]
fn every_package_lies_in_a_layer() {
    let metadata = metadata();
    for (name, folder) in folders(&metadata) {
        assert!(layer_of(&folder).is_some(), "{name} lies in {folder}, which is no layer");
    }
}

#[test]
fn dependencies_point_inward() {
    let metadata = metadata();
    let folders = folders(&metadata);
    for package in &metadata.packages {
        let from = &folders[package.name.as_str()];
        for name in needs(package) {
            let Some(to) = folders.get(&name) else { continue };
            let allowed = may_use((from, layer_of(from).unwrap()), (to, layer_of(to).unwrap()));
            assert!(allowed, "{from} must not depend on {to}");
        }
    }
}

#[test]
fn only_shared_aws_depends_on_the_aws_sdk() {
    let metadata = metadata();
    for package in &metadata.packages {
        let folder = folder(&metadata, package);
        let sdk = package.dependencies.iter().find(|d| d.name.starts_with("aws-sdk-"));
        if let (Some(sdk), true) = (sdk, folder != "shared/aws") {
            panic!("{folder} must not depend on {}: only shared/aws may", sdk.name);
        }
    }
}

#[test]
fn slack_is_called_through_shared_slack_alone() {
    let metadata = metadata();
    for package in &metadata.packages {
        let folder = folder(&metadata, package);
        let calls = needs(package).contains("slack-morphism");
        assert_eq!(calls, folder == "shared/slack", "{folder}");
    }
}

#[test]
fn kari_on_one_machine_is_built_without_the_aws_sdk() {
    let metadata = metadata();
    let local = metadata.packages.iter().find(|p| folder(&metadata, p) == "functions/local").unwrap();
    let always = |d: &&Dependency| d.kind != DependencyKind::Development && !d.optional;
    let aws = local.dependencies.iter().filter(always).find(|d| d.name == "kari-aws");
    assert!(aws.is_none(), "functions/local must not depend on shared/aws by default");
}

#[test]
fn the_inside_knows_no_runtime_no_database_and_no_http() {
    let metadata = metadata();
    for package in &metadata.packages {
        let folder = folder(&metadata, package);
        let inside = matches!(layer_of(&folder), Some(Layer::Domain | Layer::Application));
        let known: Vec<_> =
            needs(package).into_iter().filter(|n| FORBIDDEN_INSIDE.contains(&n.as_str())).collect();
        assert!(!inside || known.is_empty(), "{folder} must not depend on {known:?}");
    }
}

#[test]
fn the_domain_is_not_async() {
    let metadata = metadata();
    let domain = metadata.packages.iter().find(|p| folder(&metadata, p) == "shared/domain").unwrap();
    let known: Vec<_> =
        needs(domain).into_iter().filter(|n| n.contains("async") || n.contains("futures")).collect();
    assert!(known.is_empty(), "shared/domain must not depend on {known:?}");
}

#[test]
fn every_package_takes_the_lints_of_the_workspace() {
    let metadata = metadata();
    for package in &metadata.packages {
        let manifest = std::fs::read_to_string(&package.manifest_path).unwrap();
        let inherits =
            manifest.split("[lints]").nth(1).is_some_and(|l| l.trim_start().starts_with("workspace = true"));
        assert!(inherits, "{} needs [lints] workspace = true", package.name);
    }
}

#[test]
fn the_rule_itself_refuses_what_points_outward() {
    let refused = [
        (("shared/domain", Layer::Domain), ("shared/application", Layer::Application)),
        (("shared/application", Layer::Application), ("shared/embedded", Layer::Adapter)),
        (("shared/application", Layer::Application), ("shared/machine", Layer::Machine)),
        (("shared/machine", Layer::Machine), ("shared/embedded", Layer::Adapter)),
        (("shared/texts", Layer::Texts), ("shared/slack", Layer::Adapter)),
        (("shared/mail", Layer::Mail), ("shared/aws", Layer::Adapter)),
        (("shared/mail", Layer::Mail), ("shared/machine", Layer::Machine)),
        (("shared/embedded", Layer::Adapter), ("functions/api", Layer::Function)),
        (("shared/embedded", Layer::Adapter), ("shared/aws", Layer::Adapter)),
        (("shared/slack", Layer::Adapter), ("shared/aws", Layer::Adapter)),
        (("functions/api", Layer::Function), ("functions/local", Layer::Function)),
        (("functions/slack/lambda", Layer::Function), ("functions/api", Layer::Function)),
    ];
    for (from, to) in refused {
        assert!(!may_use(from, to), "{} → {}", from.0, to.0);
    }
    for (host, hosted) in [
        ("functions/local", "functions/api"),
        ("functions/local", "functions/slack"),
        ("functions/api/lambda", "functions/api"),
        ("functions/slack/lambda", "functions/slack"),
    ] {
        assert!(may_use((host, Layer::Function), (hosted, Layer::Function)), "{host} → {hosted}");
    }
}
