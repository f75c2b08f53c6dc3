//! The committed OpenAPI document is the one the code describes.

use std::path::Path;

#[test]
fn the_committed_openapi_document_is_the_one_the_code_describes() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    let described = kari_local::openapi::openapi().to_pretty_json().unwrap();
    assert!(committed.trim_end() == described, "the document changed: make openapi");
}

#[test]
fn every_operation_of_the_document_may_be_refused_without_a_token() {
    let document = serde_json::to_value(kari_local::openapi::openapi()).unwrap();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            assert!(operation["responses"]["401"].is_object(), "{method} {path}");
        }
    }
}
