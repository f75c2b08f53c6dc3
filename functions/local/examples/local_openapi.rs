//! Prints the OpenAPI document: `cargo run -p kari-local --example local_openapi > functions/local/openapi.json`.

fn main() -> anyhow::Result<()> {
    println!("{}", kari_local::openapi::openapi().to_pretty_json()?);
    Ok(())
}
