//! `sts` on the wire, as far as Kari calls it: whose the credentials are, and credentials of a role in the
//! management account. A form comes in, XML goes out.

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{SecondsFormat, TimeDelta};
use kari_application::ports::Clock;

use super::{Front, serve};

const FORM: &str = "application/x-www-form-urlencoded";
const XML: &str = "text/xml";
/// Which calls come from the management account, whatever session they are signed in.
const MANAGEMENT_KEY: &str = "ASIAMANAGEMENTACCOUNT";
const SESSION: TimeDelta = TimeDelta::hours(1);

/// Of all services here only `sts` is sent forms.
pub(super) fn is_meant(headers: &HeaderMap) -> bool {
    header(headers, CONTENT_TYPE.as_str()).starts_with(FORM)
}

/// Whether a call is signed with credentials that `sts` gave for the management account.
pub(super) fn is_from_management(headers: &HeaderMap) -> bool {
    header(headers, AUTHORIZATION.as_str()).contains(&format!("Credential={MANAGEMENT_KEY}/"))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

pub(super) fn answer(front: &Front, headers: &HeaderMap, body: &[u8]) -> Response {
    let member = |name: &str| {
        let found = form_urlencoded::parse(body).find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    let accounts = front.center.with(|world, _| (world.management_account(), world.administering_account()));
    let Ok((management, administering)) = accounts else { return serve::no_answer() };
    match member("Action").as_str() {
        "GetCallerIdentity" => {
            let account = if is_from_management(headers) { management } else { administering };
            let arn = format!("arn:aws:iam::{account}:user/kari");
            let told = format!("<Account>{account}</Account><Arn>{arn}</Arn><UserId>AIDAKARI</UserId>");
            result(front, "GetCallerIdentity", &told)
        }
        "AssumeRole" if member("RoleArn").contains(&format!(":iam::{management}:role/")) => {
            result(front, "AssumeRole", &credentials(front, &management))
        }
        "AssumeRole" => refusal(front, StatusCode::FORBIDDEN, "AccessDenied"),
        _ => refusal(front, StatusCode::BAD_REQUEST, "InvalidAction"),
    }
}

fn credentials(front: &Front, account: &str) -> String {
    let clock: &dyn Clock = &*front.center.clock;
    let expiration = (clock.now() + SESSION).to_rfc3339_opts(SecondsFormat::Secs, true);
    format!(
        "<AssumedRoleUser><Arn>arn:aws:sts::{account}:assumed-role/management/kari</Arn>\
         <AssumedRoleId>AROAMANAGEMENT:kari</AssumedRoleId></AssumedRoleUser>\
         <Credentials><AccessKeyId>{MANAGEMENT_KEY}</AccessKeyId><SecretAccessKey>none</SecretAccessKey>\
         <SessionToken>none</SessionToken><Expiration>{expiration}</Expiration></Credentials>"
    )
}

fn result(front: &Front, action: &str, result: &str) -> Response {
    let metadata =
        format!("<ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata>", front.next_request_id());
    let text = format!(
        "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result>{result}\
         </{action}Result>{metadata}</{action}Response>"
    );
    (StatusCode::OK, [(CONTENT_TYPE, XML)], text).into_response()
}

fn refusal(front: &Front, status: StatusCode, code: &str) -> Response {
    let text = format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>not here</Message></Error><RequestId>{}</RequestId></ErrorResponse>",
        front.next_request_id()
    );
    (status, [(CONTENT_TYPE, XML)], text).into_response()
}
