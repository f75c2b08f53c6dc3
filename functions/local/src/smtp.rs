//! SMTP, as the postman of e-mail on one machine. Where and as whom comes from a file that nobody else can read.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, ensure};
use async_trait::async_trait;
use axum::http::Uri;
use kari_api::Channel;
use kari_application::channels::Channels;
use kari_application::note_undelivered::GivenUp;
use kari_embedded::notes::StoredNotes;
use kari_mail::{Letter, Mail, Postman, SendError};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::Error;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde::Deserialize;

use crate::app::App;
use crate::cli::MailOptions;
use crate::issuer::Origin;
use crate::owner_only;

/// A server that takes longer to be reached is asked again later.
const PATIENCE: Duration = Duration::from_secs(10);
/// So long a letter takes at most. NB. Whoever looks letters through before they take them takes their time (RFC 5321
/// has us wait for ten minutes): one that was taken after we went away comes twice.
const ONE_LETTER: Duration = Duration::from_mins(5);
/// So long a server that was silent takes to let us in and out again, before it gets another letter.
const GREETING: Duration = Duration::from_secs(30);

/// What a file of secrets holds. NB. It is never shown: the address has the password in it.
#[derive(Deserialize)]
struct Secrets {
    smtp_url: String,
    from: String,
}

/// Hands letters to an SMTP server.
#[derive(Debug, Clone)]
pub struct Smtp {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// Whether nobody answered the last letter in time.
    is_silent: Arc<AtomicBool>,
}

/// Makes e-mail one of the channels of this Kari, where its secrets are given. Whether it is used, the settings say.
///
/// # Errors
/// If the file of secrets cannot be used.
pub fn connect(app: &mut App, options: &MailOptions, origin: &Origin) -> anyhow::Result<()> {
    let Some(file) = &options.mail_secrets else { return Ok(()) };
    let notes = Arc::new(StoredNotes::new(Arc::clone(&app.store), Arc::clone(&app.kari.clock)));
    let postman = Arc::new(Smtp::of_file(file)?);
    // Counted for nobody: here what is given up is in the audit trail and in the log.
    let mail = Mail::new(app.kari.clone(), postman, notes, app.links(origin), GivenUp::default());
    app.kari.notifier = Arc::new(Channels(vec![Arc::clone(&app.kari.notifier), Arc::new(mail)]));
    app.portal.channels.push(Channel::Email);
    Ok(())
}

impl Smtp {
    /// The server that a file names.
    ///
    /// # Errors
    /// If others can read the file, or it is not what it has to be.
    pub fn of_file(file: &Path) -> anyhow::Result<Self> {
        let text = owner_only::read(file, "the secrets of e-mail")?;
        let name = file.display();
        // NB. What is wrong with it is not said with its text.
        let secrets: Option<Secrets> = serde_json::from_str(&text).ok();
        let Secrets { smtp_url, from } = secrets.with_context(|| {
            format!(r#"{name} is not {{"smtp_url": "smtps://user:password@host", "from": "Kari <kari@example.com>"}}"#)
        })?;
        let url: Option<Uri> = smtp_url.parse().ok();
        let url = url.with_context(|| format!("the smtp_url in {name} is no address"))?;
        ensure!(
            is_private(&url),
            "the smtp_url in {name} sends the password and the letters in the clear: use smtps://…, or \
             smtp://…?tls=required"
        );
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(&smtp_url).ok();
        let server = server.with_context(|| format!("the smtp_url in {name} cannot be used"))?;
        let from = from.parse().ok();
        let from = from.with_context(|| format!("the from in {name} is not like Kari <kari@example.com>"))?;
        Ok(Self { server: server.timeout(Some(PATIENCE)).build(), from, is_silent: Arc::default() })
    }

    fn message(&self, letter: &Letter) -> Result<Message, SendError> {
        let never = |code: &str| SendError::Permanent { code: code.to_owned() };
        let to = letter.to.parse().map_err(|_| never("address-malformed"))?;
        let words = MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone());
        let message = Message::builder().from(self.from.clone()).to(Mailbox::new(None, to));
        message.subject(&letter.subject).multipart(words).map_err(|_| never("letter-malformed"))
    }
}

/// Whether nobody else can read it on its way. NB. TLS that is only tried is none: whoever is in between says that
/// there is none.
fn is_private(url: &Uri) -> bool {
    let host = url.host().unwrap_or_default().trim_matches(['[', ']']);
    let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let required = url.query().is_some_and(|query| query.split('&').any(|part| part == "tls=required"));
    here || required || url.scheme_str() == Some("smtps")
}

#[async_trait]
impl Postman for Smtp {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let message = self.message(letter)?;
        // NB. Where nobody lets us in nothing can come twice, and nobody waits as long. What else is wrong, the letter
        // finds.
        if self.is_silent.load(Ordering::Relaxed)
            && within(GREETING, self.server.test_connection()).await.is_none()
        {
            return Err(SendError::Unreachable("no greeting in time".into()));
        }
        let answered = within(ONE_LETTER, self.server.send(message)).await;
        self.is_silent.store(answered.is_none(), Ordering::Relaxed);
        match answered {
            Some(Ok(_)) => Ok(()),
            Some(Err(error)) => Err(never_or_later(error)),
            None => Err(SendError::Unanswered("no answer in time".into())),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a server of somebody else is waited for in real time")]
async fn within<T>(limit: Duration, answer: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(limit, answer).await.ok()
}

/// What servers say to those whom they do not let in (RFC 4954): it concerns no letter.
const NOT_LET_IN: [u16; 4] = [530, 534, 535, 538];
/// What they say before they close the connection, whatever was asked (RFC 5321).
const CLOSING: u16 = 421;

/// NB. The code alone is recorded: what servers say may quote the letter.
fn never_or_later(error: Error) -> SendError {
    let status = error.status().map(u16::from);
    if error.is_client() || (error.is_transient() && status != Some(CLOSING)) {
        return SendError::Transient(error.into());
    }
    if !error.is_permanent() {
        // What is left is about the connection, whatever was to go over it. NB. One that was closed before the answer
        // was complete is an error of the answer here.
        return SendError::Unreachable(error.into());
    }
    let code = status.map_or_else(|| "smtp".to_owned(), |status| format!("smtp-{status}"));
    if status.is_some_and(|status| NOT_LET_IN.contains(&status)) {
        SendError::Account { code }
    } else {
        SendError::Permanent { code }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn read(url: &str, from: &str, mode: u32) -> Result<Smtp, String> {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("mail.json");
        fs::write(&file, serde_json::json!({"smtp_url": url, "from": from}).to_string()).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        Smtp::of_file(&file).map_err(|error| format!("{error:#}"))
    }

    const URL: &str = "smtps://kari:hush@mail.example.com";
    const FROM: &str = "Kari <kari@example.com>";

    #[test]
    fn where_letters_go_comes_from_a_file_that_only_its_owner_reads() {
        assert_eq!(read(URL, FROM, 0o600).unwrap().from.email.to_string(), "kari@example.com");
        assert!(read(URL, "kari@example.com", 0o400).is_ok());
        for mode in [0o644, 0o640, 0o604] {
            assert!(read(URL, FROM, mode).unwrap_err().contains("chmod 600"), "{mode:o}");
        }
    }

    #[test]
    fn nothing_goes_over_a_network_in_the_clear() {
        for private in [
            "smtps://kari:hush@mail.example.com:465",
            "smtp://kari:hush@mail.example.com:587?tls=required",
            "smtp://localhost:2525",
            "smtp://127.0.0.1:2525",
            "smtp://[::1]:2525",
        ] {
            assert!(read(private, FROM, 0o600).is_ok(), "{private}");
        }
        for open in [
            "smtp://kari:hush@mail.example.com",
            "smtp://mail.example.com:25?tls=opportunistic",
            "smtp://127.0.0.1.example.com",
        ] {
            assert!(read(open, FROM, 0o600).unwrap_err().contains("in the clear"), "{open}");
        }
    }

    #[test]
    fn what_is_wrong_with_the_file_is_said_without_its_text() {
        for (url, from) in
            [("gopher://kari:hush@localhost", FROM), ("kari:hush", FROM), (URL, "hush"), ("", FROM)]
        {
            let error = read(url, from, 0o600).unwrap_err();
            assert!(!error.contains("hush") && error.contains("mail.json"), "{error}");
        }
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("mail.json");
        fs::write(&file, r#"{"smtp_url": "smtps://kari:hush@host"}"#).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let error = format!("{:#}", Smtp::of_file(&file).unwrap_err());
        assert!(error.contains(r#""from""#) && !error.contains("hush"), "{error}");
    }
}
