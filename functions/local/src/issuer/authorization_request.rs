//! The request of a client to have somebody signed in, and what is wrong with it.

use serde::{Deserialize, Serialize};

use super::{AUDIENCE, Origin};

/// The parameters as they arrive. Those unknown are ignored, as the standard wants.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Parameters {
    #[serde(default)]
    pub(super) response_type: String,
    #[serde(default)]
    pub(super) client_id: String,
    #[serde(default)]
    pub(super) redirect_uri: String,
    #[serde(default)]
    pub(super) scope: String,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    #[serde(default)]
    pub(super) code_challenge: String,
    #[serde(default)]
    pub(super) code_challenge_method: String,
    pub(super) response_mode: Option<String>,
    pub(super) prompt: Option<String>,
    pub(super) ui_locales: Option<String>,
}

/// What is wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// The client is not ours.
    UnknownClient,
    /// It asks to be answered somewhere else.
    ForeignRedirect,
    /// The client is told by a redirect, with this code and this explanation.
    Answerable { error: &'static str, description: &'static str },
}

const LONGEST_PARAMETER: usize = 2_000;

impl Parameters {
    /// Everything that must be right before anybody is asked to sign in.
    pub(super) fn check(&self, origin: &Origin) -> Result<(), Flaw> {
        if self.client_id != AUDIENCE {
            return Err(Flaw::UnknownClient);
        }
        // NB. The whole address, compared exactly: a code must never travel anywhere else.
        if self.redirect_uri != origin.callback() {
            return Err(Flaw::ForeignRedirect);
        }
        self.flaw_to_answer().map_or(Ok(()), Err)
    }

    fn flaw_to_answer(&self) -> Option<Flaw> {
        let answer = |error, description| Some(Flaw::Answerable { error, description });
        if self.response_type != "code" {
            return answer("unsupported_response_type", "ask for response_type=code");
        }
        if self.response_mode.as_deref().is_some_and(|mode| mode != "query") {
            return answer("invalid_request", "only response_mode=query is supported");
        }
        if !self.scope.split(' ').any(|scope| scope == "openid") {
            return answer("invalid_scope", "ask for the scope openid");
        }
        // NB. Without PKCE a stolen code could be exchanged by whoever stole it; `plain` is no better.
        if self.code_challenge_method != "S256" || !is_challenge(&self.code_challenge) {
            return answer("invalid_request", "send a code_challenge with code_challenge_method=S256");
        }
        if [&self.state, &self.nonce].into_iter().flatten().any(|text| text.len() > LONGEST_PARAMETER) {
            return answer("invalid_request", "state and nonce may have at most 2,000 characters");
        }
        if self.prompt.as_deref() == Some("none") {
            return answer("login_required", "nobody stays signed in here");
        }
        None
    }
}

/// The base64url form of a SHA-256.
fn is_challenge(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin() -> Origin {
        Origin::parse("http://127.0.0.1:8080").unwrap()
    }

    fn good() -> Parameters {
        Parameters {
            response_type: "code".to_owned(),
            client_id: "kari".to_owned(),
            redirect_uri: "http://127.0.0.1:8080/callback".to_owned(),
            scope: "openid profile".to_owned(),
            code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned(),
            code_challenge_method: "S256".to_owned(),
            ..Parameters::default()
        }
    }

    #[test]
    fn a_proper_request_is_accepted() {
        assert_eq!(good().check(&origin()), Ok(()));
    }

    #[test]
    fn only_this_servers_own_callback_is_answered() {
        for foreign in [
            "http://127.0.0.1:8080/callback/",
            "http://127.0.0.1:8080/callback?x=1",
            "http://127.0.0.1:8081/callback",
            "http://localhost:8080/callback",
            "https://127.0.0.1:8080/callback",
            "http://127.0.0.1:8080.evil.example/callback",
            "",
        ] {
            let request = Parameters { redirect_uri: foreign.to_owned(), ..good() };
            assert_eq!(request.check(&origin()), Err(Flaw::ForeignRedirect), "{foreign}");
        }
    }

    #[test]
    fn another_client_is_refused() {
        let request = Parameters { client_id: "other".to_owned(), ..good() };
        assert_eq!(request.check(&origin()), Err(Flaw::UnknownClient));
    }

    #[test]
    fn what_a_client_can_mend_is_told_to_the_client() {
        let plain = Parameters { code_challenge_method: "plain".to_owned(), ..good() };
        let no_challenge = Parameters { code_challenge: String::new(), ..good() };
        let token = Parameters { response_type: "token".to_owned(), ..good() };
        let no_openid = Parameters { scope: "profile".to_owned(), ..good() };
        let silent = Parameters { prompt: Some("none".to_owned()), ..good() };
        let long = Parameters { state: Some("x".repeat(2_001)), ..good() };
        let cases = [
            (plain, "invalid_request"),
            (no_challenge, "invalid_request"),
            (token, "unsupported_response_type"),
            (no_openid, "invalid_scope"),
            (silent, "login_required"),
            (long, "invalid_request"),
        ];
        for (request, expected) in cases {
            let flaw = request.check(&origin()).unwrap_err();
            assert!(matches!(flaw, Flaw::Answerable { error, .. } if error == expected), "{flaw:?}");
        }
    }
}
