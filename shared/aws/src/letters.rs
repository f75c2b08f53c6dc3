//! SES, as the postman of e-mail.

use async_trait::async_trait;
use aws_sdk_sesv2::error::ProvideErrorMetadata;
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};
use kari_mail::{Letter, Postman, SendError};

/// Whom letters are from, beside the address.
const NAME: &str = "Kari";

/// Hands letters to SES.
#[derive(Debug, Clone)]
pub struct Ses {
    client: aws_sdk_sesv2::Client,
    from: String,
}

impl Ses {
    /// Letters are from this address, which SES has verified.
    pub fn new(client: aws_sdk_sesv2::Client, from: &str) -> Self {
        Self { client, from: format!("{NAME} <{from}>") }
    }
}

#[async_trait]
impl Postman for Ses {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let content = content(letter).map_err(|error| SendError::Transient(error.into()))?;
        let sending = self
            .client
            .send_email()
            .from_email_address(&self.from)
            .destination(Destination::builder().to_addresses(&letter.to).build())
            .content(content);
        let Err(error) = sending.send().await else { return Ok(()) };
        // Without an answer of SES.
        let Some(refused) = error.as_service_error() else {
            return Err(SendError::Unreachable(error.into()));
        };
        if let Some(refused) = self.lasting(refused) {
            return Err(refused);
        }
        // Whoever set it up learns what is missing; nobody else would say.
        tracing::warn!(code = error.code(), "ses does not take a letter now");
        Err(SendError::Transient(error.into()))
    }
}

impl Ses {
    /// What no repetition mends as far as the address or the letter goes, and what somebody has to change in SES before
    /// it takes anything. By its words SES tells apart what it has one code for; they are looked for and never kept.
    fn lasting(&self, refused: &SendEmailError) -> Option<SendError> {
        let letter = |code: &str| Some(SendError::Permanent { code: code.to_owned() });
        let account = |code: &str| Some(SendError::Account { code: code.to_owned() });
        let told = refused.message().unwrap_or_default();
        let says = |words: &str| told.to_lowercase().contains(words);
        match refused {
            SendEmailError::BadRequestException(_) => letter("BadRequest"),
            // In the sandbox it may be whom the letter is to.
            SendEmailError::MessageRejected(_) if says("not verified") && told.contains(&self.from) => {
                account("NotVerified")
            }
            SendEmailError::MessageRejected(_) => letter("MessageRejected"),
            SendEmailError::NotFoundException(_) => letter("NotFound"),
            SendEmailError::AccountSuspendedException(_) => account("AccountSuspended"),
            SendEmailError::MailFromDomainNotVerifiedException(_) => account("MailFromDomainNotVerified"),
            SendEmailError::SendingPausedException(_) => account("SendingPaused"),
            SendEmailError::LimitExceededException(_) => account("LimitExceeded"),
            // That of a day; too many in a second are throttled.
            SendEmailError::TooManyRequestsException(_) if says("quota") => account("QuotaExceeded"),
            // Throttling, and whatever there may be later.
            _ => None,
        }
    }
}

fn content(letter: &Letter) -> Result<EmailContent, aws_sdk_sesv2::error::BuildError> {
    let utf8 = |words: &str| Content::builder().data(words).charset("UTF-8").build();
    let body = Body::builder().text(utf8(&letter.text)?).html(utf8(&letter.html)?).build();
    let message = Message::builder().subject(utf8(&letter.subject)?).body(body).build();
    Ok(EmailContent::builder().simple(message).build())
}
