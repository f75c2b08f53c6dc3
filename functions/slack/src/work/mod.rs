//! Doing what somebody in Slack wants, after Slack has its answer.

mod end;
mod home;
mod review;
mod submit;

use kari_application::Error;
use kari_application::caller::Caller;
use kari_application::record_attempt::record_attempt;
use kari_domain::audit::Cause;
use kari_domain::ids::RequestId;
use kari_slack::Language;

use crate::prompt::Trouble;
use crate::say::tell;
use crate::who::{Somebody, somebody};
use crate::{Job, SlackApp, Wish};

/// A job under way.
struct Doing<'a> {
    app: &'a SlackApp,
    job: &'a Job,
    somebody: Somebody<'a>,
}

/// Does a job, and tells whoever wanted it where nothing came of it. What was recorded shows by itself.
///
/// A repeat of the same job changes nothing.
pub async fn work(app: &SlackApp, job: &Job) {
    let done = match somebody(app, &job.by).await {
        Ok(somebody) => {
            let doing = Doing { app, job, somebody };
            match &job.wish {
                Wish::Review { ids, decision, comment, seen_until } => {
                    let review = review::Review {
                        decision: *decision,
                        comment: comment.as_ref(),
                        seen_until: *seen_until,
                    };
                    review::review(&doing, ids, &review).await
                }
                Wish::End { request } => end::end(&doing, *request).await,
                Wish::Submit { form, view } => submit::submit(&doing, form, view).await,
                Wish::Home => home::show(&doing).await,
            }
        }
        Err(error) => Err(Trouble::call(Language::default(), &error)),
    };
    if let Err(Trouble(text)) = done {
        tell(app, &job.by, &job.reply, &text).await;
    }
}

impl Doing<'_> {
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

    /// Shows in the App Home what is so by now, if that is where it was pressed.
    async fn refresh_home(&self) {
        if self.job.reply.home
            && let Err(Trouble(why)) = home::show(self).await
        {
            tracing::warn!(why, "an app home was not refreshed");
        }
    }
}
