use serde_json::Value;

#[test]
fn the_committed_document_is_the_one_of_the_code() {
    let committed = include_str!("../../openapi.json");
    let generated = kari_api::openapi().to_pretty_json().unwrap() + "\n";
    let take_over = "make openapi";
    assert!(
        committed == generated,
        "the API has changed; look at what changed, and take it over by: {take_over}"
    );
}
#[test]
fn every_operation_has_a_stable_id_a_summary_a_tag_and_says_which_problems_it_answers_with() {
    let document: Value = serde_json::to_value(kari_api::openapi()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap_or_default();
            assert!(!id.is_empty() && ids.insert(id.to_owned()), "{method} {path}: {id}");
            assert!(operation["summary"].is_string(), "{method} {path} has no summary");
            assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{method} {path}");
            if path.starts_with("/v1/") {
                let refused = &operation["responses"]["401"]["content"]["application/problem+json"];
                assert_eq!(refused["schema"]["$ref"], "#/components/schemas/Problem", "{method} {path}");
            }
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document: Value = serde_json::to_value(kari_api::openapi()).unwrap();
    let text = document.to_string();
    for found in text.split("\"$ref\":\"#").skip(1) {
        let pointer = found.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}
