//! A release carries the portal within itself, so it is built again when the portal was. A
//! development build reads the portal from its folder and need not.

fn main() {
    #[expect(clippy::disallowed_methods, reason = "this is how cargo talks to build scripts")]
    let profile = std::env::var("PROFILE").unwrap_or_default();
    println!("cargo::rerun-if-changed=build.rs");
    if profile == "release" {
        println!("cargo::rerun-if-changed=../../web/dist");
    }
}
