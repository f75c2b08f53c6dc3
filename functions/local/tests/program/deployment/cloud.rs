//! What stands for Lambda and IAM, as far as a doctor asks them: the roles of the functions, how many of them run at
//! once, and what IAM would say to the roles.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;
use tokio::net::TcpListener;

use super::KARIS_ACCOUNT;

/// An account in which everything is as the template makes it, but for what is said otherwise.
#[derive(Debug)]
pub(super) struct Cloud {
    pub(super) concurrency: i32,
    pub(super) unreserved: i32,
    pub(super) may_simulate: bool,
    /// What IAM says of a function and an action in place of what the template says.
    pub(super) instead: Option<(&'static str, &'static str, &'static str)>,
    /// The one resource that it says that of; empty: of any, and of all together.
    pub(super) only: &'static str,
    /// Whether what IAM answers goes on elsewhere.
    pub(super) truncated: bool,
    /// A function that is not there.
    pub(super) gone: &'static str,
}

pub(super) type Shared = Arc<Mutex<Cloud>>;

impl Default for Cloud {
    fn default() -> Self {
        Self {
            concurrency: 1_000,
            unreserved: 1_000,
            may_simulate: true,
            instead: None,
            only: "",
            truncated: false,
            gone: "",
        }
    }
}

/// Answers until the test is over.
pub(super) async fn serve(cloud: &Shared) -> SocketAddr {
    let routes = Router::new()
        .route("/2015-03-31/functions/{name}/configuration", get(configuration))
        .route("/2016-08-19/account-settings", get(settings))
        .route("/", post(simulated))
        .with_state(Arc::clone(cloud));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

async fn configuration(State(cloud): State<Shared>, Path(name): Path<String>) -> Response {
    let there = ["workflow", "reconciler", "api", "relay", "directory-sync", "slack", "slack-relay"];
    let there = name.strip_prefix("kari-").is_some_and(|name| there.contains(&name));
    if !there || cloud.lock().unwrap().gone == name {
        let kind = [("x-amzn-errortype", "ResourceNotFoundException")];
        return (StatusCode::NOT_FOUND, kind, Json(json!({ "Message": "no function" }))).into_response();
    }
    let role = format!("arn:aws:iam::{KARIS_ACCOUNT}:role/{name}");
    Json(json!({ "FunctionName": name, "Role": role })).into_response()
}

async fn settings(State(cloud): State<Shared>) -> Response {
    let cloud = cloud.lock().unwrap();
    let limit = json!({
        "TotalCodeSize": 0,
        "CodeSizeUnzipped": 0,
        "CodeSizeZipped": 0,
        "ConcurrentExecutions": cloud.concurrency,
        "UnreservedConcurrentExecutions": cloud.unreserved,
    });
    Json(json!({ "AccountLimit": limit })).into_response()
}

async fn simulated(State(cloud): State<Shared>, headers: HeaderMap, body: String) -> Response {
    let signature = headers[AUTHORIZATION].to_str().unwrap();
    assert!(signature.contains("Credential=local/") && signature.contains("/us-east-1/iam/"), "{signature}");
    let members: Vec<_> = form_urlencoded::parse(body.as_bytes()).collect();
    let member = |wanted: &str| &*members.iter().find(|(name, _)| name == wanted).unwrap().1;
    assert_eq!(member("Action"), "SimulatePrincipalPolicy");
    let cloud = cloud.lock().unwrap();
    if !cloud.may_simulate {
        let text = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>\
                    <Message>not you</Message></Error></ErrorResponse>";
        return (StatusCode::FORBIDDEN, [(CONTENT_TYPE, "text/xml")], text).into_response();
    }
    let function = member("PolicySourceArn").rsplit("/kari-").next().unwrap();
    let action = member("ActionNames.member.1");
    let resources = members.iter().filter(|(name, _)| name.starts_with("ResourceArns.member."));
    let resources: Vec<&str> = resources.map(|(_, arn)| &**arn).collect();
    let here = resources.contains(&format!("arn:aws:sso:::account/{KARIS_ACCOUNT}").as_str());
    let usual = match function {
        "workflow" | "reconciler" if here => "explicitDeny",
        "workflow" | "reconciler" => "allowed",
        _ => "implicitDeny",
    };
    let instead = cloud.instead.filter(|(of, to, _)| *of == function && *to == action);
    let of = |resource: &str| match instead {
        Some((_, _, decision)) if cloud.only.is_empty() || cloud.only == resource => decision,
        Some(_) | None => usual,
    };
    let each = resources.iter().map(|resource| {
        let decision = of(resource);
        format!(
            "<member><EvalResourceName>{resource}</EvalResourceName>\
             <EvalResourceDecision>{decision}</EvalResourceDecision></member>"
        )
    });
    let (each, decision, truncated) = (each.collect::<Vec<_>>().concat(), of("*"), cloud.truncated);
    let text = format!(
        "<SimulatePrincipalPolicyResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\
         <SimulatePrincipalPolicyResult><IsTruncated>{truncated}</IsTruncated><EvaluationResults><member>\
         <EvalResourceName>*</EvalResourceName><EvalDecision>{decision}</EvalDecision>\
         <EvalActionName>{action}</EvalActionName><ResourceSpecificResults>{each}</ResourceSpecificResults>\
         </member></EvaluationResults>\
         </SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>"
    );
    ([(CONTENT_TYPE, "text/xml")], text).into_response()
}
