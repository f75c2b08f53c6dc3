//! What IAM would say to a role, for whoever checks a deployment. IAM's own SDK is bigger than all that is asked of
//! it here: one call, made with the parts that every SDK is made of.

use std::convert::Infallible;
use std::time::SystemTime;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::config::ProvideCredentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningParams, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::identity::Identity;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_types::service_config::ServiceConfigKey;
use kari_domain::time::Instant;

use crate::clients::Clients;
use crate::inspect::Told;

const CALL: &str = "SimulatePrincipalPolicy";
const VERSION: &str = "2010-05-08";
const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";

/// What IAM would say, the more restrictive the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    Allowed,
    /// Nothing allows it.
    ImplicitDeny,
    /// Something denies it, whatever allows it.
    ExplicitDeny,
}

impl Decision {
    /// As IAM writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::ImplicitDeny => "implicitDeny",
            Self::ExplicitDeny => "explicitDeny",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Allowed, Self::ImplicitDeny, Self::ExplicitDeny].into_iter().find(|one| one.as_str() == text)
    }
}

/// What IAM would say of an action on several resources. NB. The strictest decides of what must be allowed, the mildest
/// of what must not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    pub mildest: Decision,
    pub strictest: Decision,
}

/// IAM, to be asked.
#[derive(Debug)]
pub struct Simulator {
    config: SdkConfig,
    endpoint: String,
    /// What its signatures name.
    region: &'static str,
    identity: Identity,
    at: SystemTime,
}

/// What is sent.
struct Signed {
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Simulator {
    /// IAM of a partition, asked with the credentials of these clients. NB. It is good for some minutes, as
    /// signatures are.
    ///
    /// # Errors
    /// Why it cannot be asked.
    pub async fn new(clients: &Clients, partition: &str, now: Instant) -> Told<Self> {
        let config = clients.in_own_region.clone();
        let (endpoint, region) = place(partition)
            .ok_or_else(|| format!("where IAM answers in the partition {partition} is not known"))?;
        let provider = config.credentials_provider().ok_or("there are no credentials")?;
        let credentials = provider.provide_credentials().await;
        let credentials = credentials.map_err(|error| DisplayErrorContext(error).to_string())?;
        let endpoint = named_endpoint(&config).unwrap_or_else(|| endpoint.to_owned());
        Ok(Self { config, endpoint, region, identity: credentials.into(), at: now.into() })
    }

    /// What IAM would say if this role did that on those resources.
    ///
    /// One action a call, because IAM refuses calls with actions that it looks at in different ways.
    ///
    /// # Errors
    /// The words of AWS.
    pub async fn answer(&self, role: &str, action: &str, resources: &[String]) -> Told<Answer> {
        let signed = self.signed(body(role, action, resources))?;
        let client = self.config.http_client().ok_or("there is no HTTP client")?;
        let timeouts = self.config.timeout_config().cloned().ok_or("there are no timeouts")?;
        let operation = Operation::builder()
            .service_name("iam")
            .operation_name(CALL)
            .http_client(client)
            .endpoint_url(&self.endpoint)
            .timeout_config(timeouts)
            // Signed it is already.
            .no_auth()
            .no_retry()
            .serializer(move |(): ()| signed.request())
            .deserializer::<_, Infallible>(|response| {
                let body = response.body().bytes().unwrap_or_default();
                Ok((response.status().is_success(), String::from_utf8_lossy(body).into_owned()))
            })
            .build();
        let answer = operation.invoke(()).await;
        let (good, text) = answer.map_err(|error| DisplayErrorContext(error).to_string())?;
        if !good {
            return Err(refusal(&text));
        }
        decided(&text).ok_or_else(|| "IAM answers what is not understood here".to_owned())
    }

    fn signed(&self, body: String) -> Told<Signed> {
        let params = v4::SigningParams::builder()
            .identity(&self.identity)
            .region(self.region)
            .name("iam")
            .time(self.at)
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| error.to_string())?;
        let params = SigningParams::from(params);
        let headers = std::iter::once(("content-type", FORM));
        let bytes = SignableBody::Bytes(body.as_bytes());
        let request = SignableRequest::new("POST", self.endpoint.as_str(), headers, bytes)
            .map_err(|error| error.to_string())?;
        let (instructions, _) = sign(request, &params).map_err(|error| error.to_string())?.into_parts();
        let (added, _) = instructions.into_parts();
        let mut headers = vec![("content-type", FORM.to_owned())];
        headers.extend(added.iter().map(|header| (header.name(), header.value().to_owned())));
        Ok(Signed { headers, body })
    }
}

impl Signed {
    fn request(&self) -> Result<HttpRequest, BoxError> {
        let mut request = HttpRequest::new(SdkBody::from(self.body.as_str()));
        request.set_method("POST")?;
        for (name, value) in &self.headers {
            request.headers_mut().try_insert(*name, value.clone())?;
        }
        Ok(request)
    }
}

/// Where IAM answers, and the Region in its signatures: one of each for a whole partition.
fn place(partition: &str) -> Option<(&'static str, &'static str)> {
    match partition {
        "aws" => Some(("https://iam.amazonaws.com", "us-east-1")),
        "aws-cn" => Some(("https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1")),
        "aws-us-gov" => Some(("https://iam.us-gov.amazonaws.com", "us-gov-west-1")),
        _ => None,
    }
}

/// Where else it answers, if the environment says so, as for any service.
fn named_endpoint(config: &SdkConfig) -> Option<String> {
    let key = ServiceConfigKey::builder().service_id("IAM").env("AWS_ENDPOINT_URL").profile("endpoint_url");
    let key = key.build().ok()?;
    let said = config.service_config().and_then(|said| said.load_config(key));
    said.or_else(|| config.endpoint_url().map(str::to_owned))
}

fn body(role: &str, action: &str, resources: &[String]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("Action", CALL).append_pair("Version", VERSION);
    form.append_pair("PolicySourceArn", role).append_pair("ActionNames.member.1", action);
    for (at, resource) in resources.iter().enumerate() {
        form.append_pair(&format!("ResourceArns.member.{}", at + 1), resource);
    }
    form.finish()
}

/// What an answer says of all resources together, and of each. NB. A part of an answer is none.
fn decided(text: &str) -> Option<Answer> {
    if values(text, "IsTruncated").contains(&"true") {
        return None;
    }
    let said = ["EvalDecision", "EvalResourceDecision"].into_iter().flat_map(|name| values(text, name));
    let decisions = said.map(Decision::parse).collect::<Option<Vec<_>>>()?;
    let (mildest, strictest) = (decisions.iter().min()?, decisions.iter().max()?);
    Some(Answer { mildest: *mildest, strictest: *strictest })
}

fn refusal(text: &str) -> String {
    let first = |name| plain(values(text, name).first().copied().unwrap_or("no reason given"));
    format!("{}: {}", first("Code"), first("Message"))
}

/// A text as it is meant. The ampersand comes last, because others begin with it.
fn plain(text: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    entities.into_iter().fold(text.to_owned(), |text, (written, meant)| text.replace(written, meant))
}

/// The texts of all elements of this name.
fn values<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let tag = format!("<{name}>");
    let found = text.split(tag.as_str()).skip(1).filter_map(|rest| rest.split_once('<'));
    found.map(|(value, _)| value.trim()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Members that each say this of all resources, with this of one of them.
    fn answer(decisions: &[(&str, &str)]) -> String {
        let member = |(all, one): &(&str, &str)| {
            format!(
                "<member><MatchedStatements/><EvalResourceName>*</EvalResourceName>\
                 <EvalDecision>{all}</EvalDecision><EvalDecisionDetails/>\
                 <EvalActionName>sso:CreateAccountAssignment</EvalActionName><ResourceSpecificResults><member>\
                 <EvalResourceName>arn:aws:sso:::account/123456789012</EvalResourceName>\
                 <EvalResourceDecision>{one}</EvalResourceDecision></member></ResourceSpecificResults></member>"
            )
        };
        let members: Vec<_> = decisions.iter().map(member).collect();
        format!(
            "<SimulatePrincipalPolicyResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\
             <SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated>\
             <EvaluationResults>{}</EvaluationResults></SimulatePrincipalPolicyResult>\
             </SimulatePrincipalPolicyResponse>",
            members.concat()
        )
    }

    #[test]
    fn the_mildest_and_the_strictest_are_looked_for_in_what_is_said_of_all_resources_and_of_each() {
        let (allowed, implicit, explicit) = ("allowed", "implicitDeny", "explicitDeny");
        for (decisions, mildest, strictest) in [
            (&[(allowed, allowed)][..], Decision::Allowed, Decision::Allowed),
            (&[(implicit, allowed)][..], Decision::Allowed, Decision::ImplicitDeny),
            (&[(allowed, explicit)][..], Decision::Allowed, Decision::ExplicitDeny),
            (
                &[(implicit, implicit), (explicit, implicit)][..],
                Decision::ImplicitDeny,
                Decision::ExplicitDeny,
            ),
        ] {
            assert_eq!(decided(&answer(decisions)), Some(Answer { mildest, strictest }), "{decisions:?}");
        }
    }

    #[test]
    fn what_is_not_understood_is_no_decision() {
        let allowed = answer(&[("allowed", "allowed")]);
        let part = allowed.replace("<IsTruncated>false<", "<IsTruncated>true<");
        let unknown = [("perhaps", "allowed"), ("allowed", "perhaps")].map(|decision| answer(&[decision]));
        for text in [answer(&[]), part, String::new(), "allowed".to_owned()].into_iter().chain(unknown) {
            assert_eq!(decided(&text), None, "{text}");
        }
    }

    #[test]
    fn a_refusal_is_told_in_the_words_of_iam() {
        let text = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>\n\
                    <Message>you may not</Message></Error></ErrorResponse>";
        assert_eq!(refusal(text), "AccessDenied: you may not");
        let text = "<Code>A&amp;B</Code><Message>&lt;&quot;a&apos;s&quot;&gt; &amp;lt;</Message>";
        assert_eq!(refusal(text), "A&B: <\"a's\"> &lt;");
        assert_eq!(refusal("<html>"), "no reason given: no reason given");
    }

    #[test]
    fn each_resource_is_asked_about() {
        let resources = ["arn:aws:sso:::account/1", "arn:aws:sso:::instance/ssoins-1"].map(str::to_owned);
        let body = body("arn:aws:iam::111122223333:role/kari", "sso:CreateAccountAssignment", &resources);
        assert_eq!(
            body,
            "Action=SimulatePrincipalPolicy&Version=2010-05-08\
             &PolicySourceArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fkari\
             &ActionNames.member.1=sso%3ACreateAccountAssignment\
             &ResourceArns.member.1=arn%3Aaws%3Asso%3A%3A%3Aaccount%2F1\
             &ResourceArns.member.2=arn%3Aaws%3Asso%3A%3A%3Ainstance%2Fssoins-1"
        );
    }
}
