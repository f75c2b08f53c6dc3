//! Prints the OpenAPI document: `cargo run -p kari-api --example openapi > functions/api/openapi.json`

use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    writeln!(std::io::stdout(), "{}", kari_api::openapi().to_pretty_json()?)?;
    Ok(())
}
