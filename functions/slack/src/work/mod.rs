//! Doing what somebody in Slack wants, after Slack has its answer.

mod end;
mod home;
mod review;
mod submit;

use kari_application::caller::Caller;
use kari_application::record_attempt::{AttemptEvent, record_attempt};
use kari_application::record_stranger::record_stranger;
use kari_application::{Error, load_request};
use kari_domain::audit::Cause;
use kari_domain::ids::RequestId;
use kari_domain::time::Instant;
use kari_slack::Language;
use kari_slack::identity::Stranger;
use kari_slack::views::notice;

use crate::prompt::Trouble;
use crate::say::{tell, update};
use crate::who::{Somebody, Unserved, somebody};
use crate::{Job, SlackApp, Wish};

/// A job under way.
struct Doing<'a> {
    app: &'a SlackApp,
    job: &'a Job,
    somebody: Somebody<'a>,
}

/// A job is to be done again: something that it needs did not answer.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("what a command in slack needs does not answer; the command is to be repeated")]
pub struct Unfinished;

/// Does a job, and tells whoever wanted it where nothing came of it. What was recorded shows by itself.
///
/// A repeat of the same job changes nothing: what it commands is recorded under [`Job::one_time`], once, and whatever
/// of it was recorded before is found done.
///
/// Where something did not answer and jobs are repeated, whoever wanted it is told so once: which try is the last one,
/// nobody here knows. So what they are told is true whatever comes: it is tried again for some minutes, and what does not
/// show by then was not done. A later try that is refused says why.
///
/// NB. A job is done while the signature of its message is good and not after that: whoever pressed Approve has long
/// looked elsewhere, and access must not appear when nobody thinks of it any more. They are told.
///
/// # Errors
/// [`Unfinished`] if it is to be repeated; only where the hand-over says that it repeats.
pub async fn work(app: &SlackApp, job: &Job) -> Result<(), Unfinished> {
    let tried_at = app.clock.now();
    if let Wish::Refused { command, request, stranger } = &job.wish {
        record_refused(app, job, command, *request, *stranger).await;
        return Ok(());
    }
    if job.wish.is_command() && job.is_too_late(tried_at) {
        tracing::warn!(job.id = %job.id, "a command came too late and was not done");
        tell_why(app, job, Language::default(), TOO_LATE).await;
        return Ok(());
    }
    let (language, done) = done(app, job).await;
    let Err(trouble) = done else { return Ok(()) };
    if !is_tried_again(app, job, &trouble) {
        tell_why(app, job, language, &trouble.text).await;
        return Ok(());
    }
    tell_once(app, job, language, tried_at).await;
    Err(Unfinished)
}

/// Tells whoever wanted it why nothing came of it: in the modal that says until then that it is being sent, and directly
/// only where that cannot say so. Returns whether they were told.
async fn tell_why(app: &SlackApp, job: &Job, language: Language, text: &str) -> bool {
    if let Wish::Submit { view, .. } = &job.wish {
        let shown = update(app, view, None, notice(language, &[text.to_owned()])).await;
        let Err(error) = shown else { return true };
        tracing::info!(%error, "a modal could not say that nothing came of it; they are told directly");
    }
    tell(app, &job.by, &job.reply, text).await
}

fn is_tried_again(app: &SlackApp, job: &Job, trouble: &Trouble) -> bool {
    trouble.passes && app.hand_over.repeats() && job.wish.is_command()
}

/// Tells that the job is tried again, unless that was told: a try that was cut off told nothing. Where that cannot be
/// known now, the first try tells.
async fn tell_once(app: &SlackApp, job: &Job, language: Language, tried_at: Instant) {
    let told = format!("told/{}", job.id);
    let was_told = app.delivery.was_noted(&told).await.unwrap_or_else(|_| !job.is_first_try(tried_at));
    if !was_told && tell_why(app, job, language, TRIED_AGAIN).await {
        app.delivery.note(&told).await.unwrap_or_else(|error| {
            tracing::info!(%error, "that somebody was told is not noted; they may be told again");
        });
    }
}

// In both languages, as it may be Slack itself that does not answer whose language somebody has.
const TRIED_AGAIN: &str = "Something that Kari needs does not answer. It tries again for five minutes; what does not \
     show by then was not done: do it again then. / \
     必要なサービスが応答していません。5分間、自動的に再試行します。それまでに反映されない場合は、もう一度操作してください。";
const TOO_LATE: &str = "This could not be done within five minutes and is not tried any more. Look at what is so by \
     now, and do it again if you still want it. / \
     5分以内に処理できなかったため、中止しました。現在の状態を確認し、必要であればもう一度操作してください。";

/// What came of it, and the language of whoever wanted it, as far as that is known.
async fn done(app: &SlackApp, job: &Job) -> (Language, Result<(), Trouble>) {
    let somebody = match somebody(app, &job.by).await {
        Ok(somebody) => somebody,
        Err(error) => {
            let language = Language::default();
            return (language, Err(Trouble::call(language, &error)));
        }
    };
    let doing = Doing { app, job, somebody };
    let done = match &job.wish {
        Wish::Review { ids, decision, comment, seen, seen_until: _ } => {
            let review = review::Review { decision: *decision, comment: comment.as_ref(), seen };
            review::review(&doing, ids, &review).await
        }
        Wish::End { request } => end::end(&doing, *request).await,
        Wish::Submit { form, view } => submit::submit(&doing, form, view).await,
        Wish::Home => home::show(&doing).await,
        Wish::Look | Wish::Refused { .. } => Ok(()),
    };
    doing.keep_up_card().await;
    (doing.language(), done)
}

/// What a command is called where it is recorded that it was refused, and the one request that it is about.
fn command_of(wish: &Wish) -> Option<(&'static str, Option<RequestId>)> {
    match wish {
        Wish::Review { ids, decision, .. } => {
            let request = if let [id] = ids.as_slice() { Some(RequestId(*id)) } else { None };
            Some((review::command(*decision), request))
        }
        Wish::End { request } => Some(("revoke", Some(*request))),
        Wish::Submit { .. } => Some(("submit", None)),
        Wish::Home | Wish::Look | Wish::Refused { .. } => None,
    }
}

/// Records that somebody was refused who is nobody here. Whether that succeeds never changes the answer.
async fn record_refused(
    app: &SlackApp,
    job: &Job,
    command: &str,
    request: Option<RequestId>,
    stranger: Stranger,
) {
    let request = unless_of_a_batch(app, request).await;
    let (code, detail) = (stranger.code().to_owned(), stranger.to_string());
    let attempt = AttemptEvent::AttemptRefused { command: command.to_owned(), request, code, detail };
    let (account, once) = (job.by.key(), job.one_time());
    if let Err(error) = record_stranger(&app.kari, "slack", &account, Cause::Slack, &attempt, &once).await {
        tracing::error!(command, %error, "a stranger's attempt was not recorded");
    }
}

/// The request with the id that a button carries: none where it is that of a batch.
async fn unless_of_a_batch(app: &SlackApp, id: Option<RequestId>) -> Option<RequestId> {
    let id = id?;
    match load_request(&app.kari, id).await {
        Ok(found) if found.state.asked().is_none() => None,
        Ok(_) | Err(_) => Some(id),
    }
}

impl Doing<'_> {
    fn trouble(&self, why: &Unserved) -> Trouble {
        Trouble::of(self.app, &self.somebody, why)
    }

    /// Whoever was found; else why nothing is done for them. That somebody is nobody here who commanded something is
    /// recorded.
    async fn served<T>(&self, found: Result<T, Unserved>) -> Result<T, Trouble> {
        let trouble = match found {
            Ok(found) => return Ok(found),
            Err(why) => self.trouble(&why),
        };
        if let (Some(stranger), Some((command, request))) = (trouble.stranger, command_of(&self.job.wish)) {
            record_refused(self.app, self.job, command, request, stranger).await;
        }
        Err(trouble)
    }

    fn language(&self) -> Language {
        self.somebody.language
    }

    /// Records that a command was refused. Whether that succeeds never changes the answer.
    async fn record(&self, caller: &Caller, command: &str, request: Option<RequestId>, refused: &Error) {
        let recorded = record_attempt(&self.app.kari, caller, Cause::Slack, command, request, refused).await;
        if let Err(error) = recorded {
            tracing::error!(actor.id = %caller.user.id, command, %error, "a refused attempt was not recorded");
        }
    }

    /// Has the card that they pressed a button of show what is recorded, from now on, if it did not.
    async fn keep_up_card(&self) {
        if let Some(card) = &self.job.card
            && let Err(error) = self.app.delivery.keep_up(card, self.language()).await
        {
            tracing::warn!(%error, "a card in slack that nobody remembers is not kept up; the next press finds it");
        }
    }

    /// Shows in the App Home what is so by now, if that is where it was pressed.
    async fn refresh_home(&self) {
        if self.job.reply.home
            && let Err(Trouble { text, .. }) = home::show(self).await
        {
            tracing::warn!(why = text, "an app home was not refreshed");
        }
    }
}
