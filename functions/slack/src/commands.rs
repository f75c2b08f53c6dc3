//! `/access`: asks for access, shows what one has, and links an account.

use axum::extract::State;
use axum::response::Response;
use kari_application::chat_links::linked_user;
use kari_application::link_chat::{Linked, link};
use kari_domain::ids::UserId;
use kari_slack::views::Form;
use kari_slack::{Language, Pick};

use crate::SlackApp;
use crate::form::open_form;
use crate::incoming::Command;
use crate::prompt::{Trouble, malformed, privately, promptly, report, taken};
use crate::verified::FromSlack;
use crate::who::{Somebody, somebody};

pub(crate) async fn command(State(app): State<SlackApp>, message: FromSlack) -> Response {
    let Some(command) = Command::parse(&message.body) else { return malformed() };
    let done = promptly(message.until, obey(&app, &command)).await;
    // To open the form commands nothing, and help is for everybody.
    if let Err(Trouble { stranger: Some(stranger), .. }) = done
        && !command.text.trim().is_empty()
    {
        let refused = ("link", None, stranger);
        report(&app, message.until, command.by.clone(), message.signed, refused).await;
    }
    match done {
        Ok(Some(answer)) | Err(Trouble { text: answer, .. }) => privately(&answer),
        Ok(None) => taken(),
    }
}

/// Does what is commanded; with an answer where there is one.
async fn obey(app: &SlackApp, command: &Command) -> Result<Option<String>, Trouble> {
    let somebody = somebody(app, &command.by).await;
    let somebody = somebody.map_err(|error| Trouble::call(Language::default(), &error))?;
    match command.text.split_whitespace().collect::<Vec<_>>().as_slice() {
        // However it was typed or pasted.
        [word, code @ ..] if word.eq_ignore_ascii_case("link") && !code.is_empty() => {
            linked(app, &somebody, &code.concat()).await.map(Some)
        }
        [_, ..] => help(app, &somebody).await.map(Some),
        [] => open_form(app, &somebody, &command.trigger, &Form::default()).await.map(|()| None),
    }
}

async fn linked(app: &SlackApp, somebody: &Somebody<'_>, code: &str) -> Result<String, Trouble> {
    let language = somebody.language;
    somebody.may_link(app).await.map_err(|why| Trouble::of(app, somebody, &why))?;
    let linked = link(&app.kari, "slack", &somebody.person.key(), somebody.name(), code).await;
    // NB. With the name: whoever was given somebody else's code has to notice.
    let text = match linked.map_err(|error| Trouble::failed(language, &error))? {
        Linked::To(user) => {
            let name = user_name(app, language, &user).await?;
            match language {
                Language::En => format!(
                    "Your Slack account is linked to {name}. If that is not you, tell whoever runs Kari."
                ),
                Language::Ja => format!(
                    "Slack アカウントを {name} と連携しました。心当たりがない場合は、Kari の運用担当者に連絡してください。"
                ),
            }
        }
        Linked::ToSomebodyElse(user) => {
            let name = user_name(app, language, &user).await?;
            match language {
                Language::En => format!(
                    "Your Slack account is linked to {name} already. {name} or an administrator has to unlink it in the \
                     portal first."
                ),
                Language::Ja => format!(
                    "この Slack アカウントは {name} に連携済みです。先に {name} 本人または管理者がポータルで連携を解除する必要があります。"
                ),
            }
        }
        Linked::NoSuchCode => language
            .pick(
                "There is no such code, or it is too old or was used. Make another one in the portal.",
                "コードが正しくないか、期限切れまたは使用済みです。ポータルで新しいコードを発行してください。",
            )
            .to_owned(),
    };
    Ok(text)
}

/// What a user is called now; by their id where nobody knows them any more.
async fn user_name(app: &SlackApp, language: Language, user: &UserId) -> Result<String, Trouble> {
    let around = app.kari.read_model.load().await;
    let around = around.map_err(|error| Trouble::failed(language, &error.into()))?;
    Ok(around.users.get(user).map_or_else(|| user.to_string(), |user| user.user_name.clone()))
}

/// What can be done, and to whom the account is linked, if to anybody.
async fn help(app: &SlackApp, somebody: &Somebody<'_>) -> Result<String, Trouble> {
    let language = somebody.language;
    let help = language.pick(
        "/access asks for access and shows what you have. /access link CODE links your Slack account to your user; the \
         portal shows the code.",
        "/access でアクセスの申請と、自分のアクセスの確認ができます。/access link コード で Slack アカウントを連携できます（コードはポータルに表示されます）。",
    );
    let linked = linked_user(&app.kari, &somebody.person.key()).await;
    let Some(user) = linked.map_err(|error| Trouble::failed(language, &error))? else {
        return Ok(help.to_owned());
    };
    let name = user_name(app, language, &user).await?;
    Ok(match language {
        Language::En => format!("{help} Your Slack account is linked to {name}."),
        Language::Ja => format!("{help}現在は {name} と連携しています。"),
    })
}
