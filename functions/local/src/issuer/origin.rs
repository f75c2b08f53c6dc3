//! Where people reach this `kari`.

use std::fmt;

/// A scheme, a host and a port, for instance `http://127.0.0.1:8080`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

/// A text that is not an origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an origin: write scheme, host and port only, for instance http://127.0.0.1:8080")]
pub struct MalformedOrigin(String);

impl Origin {
    /// Parses an origin.
    ///
    /// # Errors
    /// [`MalformedOrigin`] if it is not `http(s)://host[:port]`.
    pub fn parse(text: &str) -> Result<Self, MalformedOrigin> {
        let malformed = || MalformedOrigin(text.to_owned());
        let uri: axum::http::Uri = text.parse().map_err(|_| malformed())?;
        let authority = uri.authority().ok_or_else(malformed)?;
        let scheme = uri.scheme_str().filter(|s| ["http", "https"].contains(s)).ok_or_else(malformed)?;
        let bare = uri.path_and_query().is_none_or(|rest| rest.as_str() == "/");
        if !bare || authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(malformed());
        }
        let usual = if scheme == "http" { ":80" } else { ":443" };
        let authority = authority.as_str().to_ascii_lowercase();
        // As browsers write it: without the port that goes without saying.
        let authority = authority.strip_suffix(usual).unwrap_or(&authority);
        Ok(Self(format!("{scheme}://{authority}")))
    }

    /// The origin as text, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Host and port, as a browser sends them.
    pub fn authority(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, authority)| authority)
    }

    /// The only place an authorization answers to.
    pub fn callback(&self) -> String {
        format!("{self}/callback")
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_a_scheme_and_a_host_and_nothing_behind_it() {
        assert_eq!(Origin::parse("http://127.0.0.1:8080/").unwrap().as_str(), "http://127.0.0.1:8080");
        assert_eq!(Origin::parse("https://Kari.Example").unwrap().authority(), "kari.example");
        for (written, read) in [
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("https://kari.example:443", "https://kari.example"),
            ("http://kari.example:443", "http://kari.example:443"),
            ("http://[::1]:80", "http://[::1]"),
            ("http://kari.example:8080", "http://kari.example:8080"),
        ] {
            assert_eq!(Origin::parse(written).unwrap().as_str(), read);
        }
        for bad in
            ["kari.example", "ftp://kari.example", "http://a/b", "http://a?b", "http://u@a", "http://", ""]
        {
            assert!(Origin::parse(bad).is_err(), "{bad}");
        }
    }
}
