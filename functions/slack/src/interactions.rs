//! What people press, choose, search and send.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures::future::join;
use kari_application::browse::get_request;
use kari_domain::ids::RequestId;
use kari_domain::request::Decision;
use kari_slack::api::SlackView;
use kari_slack::delivery::PressedCard;
use kari_slack::signature::Signed;
use kari_slack::views::ids::{action, callback};
use kari_slack::views::{DenyContext, Form, Line, Origin, choose_form, deny_form, options};
use kari_slack::{Language, Pick};
use tokio::time::Instant;
use uuid::Uuid;

use crate::incoming::{Interaction, OpenView, Press, Pressed, Shortcut, Suggestion};
use crate::prompt::{Trouble, hand_over, hand_over_with, malformed, promptly, report, taken};
use crate::verified::FromSlack;
use crate::who::{Somebody, somebody, somebody_lately};
use crate::{Reply, SlackApp, Wish, filled_in, form, requests, say, search};

pub(crate) mod sent;

pub(crate) async fn interaction(State(app): State<SlackApp>, message: FromSlack) -> Response {
    let until = message.until;
    let payload = form_urlencoded::parse(&message.body).find(|(name, _)| name == "payload");
    let interaction = payload.and_then(|(_, json)| serde_json::from_str::<Interaction>(&json).ok());
    match interaction {
        Some(Interaction::BlockActions(actions)) => {
            match promptly(until, pressed(&app, message.signed.clone(), &actions)).await {
                Ok(None) => taken(),
                Ok(Some(why)) => in_time(tell_why(&app, until, message.signed, &actions, &why).await),
                Err(late) => in_time(Err(late)),
            }
        }
        Some(Interaction::BlockSuggestion(suggestion)) => found(&app, until, &suggestion).await,
        Some(Interaction::Shortcut(shortcut)) => in_time(promptly(until, cut_short(&app, &shortcut)).await),
        Some(Interaction::ViewSubmission(submitted)) => {
            sent::sent(&app, until, message.signed, &submitted).await
        }
        Some(Interaction::Other) => taken(),
        None => malformed(),
    }
}

/// NB. Whatever took too long may not have happened: Slack says so itself to whoever did it.
fn in_time(done: Result<(), Trouble>) -> Response {
    done.map_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response(), |()| taken())
}

/// Tells whoever pressed something why nothing came of it, and has it recorded if they are nobody here: both at once, so
/// that neither is lost where the other one hangs.
async fn tell_why(
    app: &SlackApp,
    until: Instant,
    signed: Signed,
    actions: &Press,
    why: &Trouble,
) -> Result<(), Trouble> {
    let (person, reply) = (actions.by.person(), reply(actions));
    let telling = promptly(until, async {
        say::tell(app, &person, &reply, &why.text).await;
        Ok(())
    });
    let (Some(stranger), Some((command, request))) = (why.stranger, called(actions)) else {
        return telling.await;
    };
    let reporting = report(app, until, person.clone(), signed, (command, request, stranger));
    join(telling, reporting).await.0
}

/// What a press that is refused at once is called where that is recorded, and the request that it is about.
fn called(actions: &Press) -> Option<(&'static str, Option<RequestId>)> {
    let pressed = actions.actions.first()?;
    match pressed.action_id.as_str() {
        action::DENY => Some(("deny", id(pressed).map(RequestId))),
        // Of a batch.
        action::CHOOSE => Some(("review", None)),
        // To open the form that asks commands nothing, nor does what is chosen in it; the rest is for the worker.
        _ => None,
    }
}

/// What a search found; nothing where it failed, so that whoever types goes on typing.
async fn found(app: &SlackApp, until: Instant, suggestion: &Suggestion) -> Response {
    let person = suggestion.by.person();
    let found = promptly(until, async {
        let somebody = known_lately(app, &person).await?;
        search::search(app, &somebody, suggestion).await
    });
    Json(found.await.unwrap_or_else(|_| options([]))).into_response()
}

async fn cut_short(app: &SlackApp, shortcut: &Shortcut) -> Result<(), Trouble> {
    if shortcut.callback_id != callback::SHORTCUT {
        return Ok(());
    }
    let person = shortcut.by.person();
    let opened = async {
        let somebody = known(app, &person).await?;
        form::open_form(app, &somebody, &shortcut.trigger_id, &Form::default()).await
    };
    if let Err(Trouble { text, .. }) = opened.await {
        say::tell(app, &person, &Reply::default(), &text).await;
    }
    Ok(())
}

/// For looking only, which happens with each letter that somebody types.
async fn known_lately<'a>(
    app: &SlackApp,
    person: &'a kari_slack::identity::SlackPerson,
) -> Result<Somebody<'a>, Trouble> {
    somebody_lately(app, person).await.map_err(|error| Trouble::call(Language::default(), &error))
}

async fn known<'a>(
    app: &SlackApp,
    person: &'a kari_slack::identity::SlackPerson,
) -> Result<Somebody<'a>, Trouble> {
    somebody(app, person).await.map_err(|error| Trouble::call(Language::default(), &error))
}

/// Opens modals at once, because a trigger is good for three seconds, and hands commands over. Returns why nothing came
/// of it, if so: that is to be told.
async fn pressed(app: &SlackApp, signed: Signed, actions: &Press) -> Result<Option<Trouble>, Trouble> {
    // Slack sends one at a time.
    let Some(pressed) = actions.actions.first() else { return Ok(None) };
    let done = match pressed.action_id.as_str() {
        action::APPROVE => match id(pressed) {
            Some(id) if names_nothing(pressed) => of_earlier(app, signed, actions, id).await,
            Some(id) => {
                let (ids, seen) = (vec![id], seen(pressed));
                let (decision, seen_until) = (Decision::Approve, Some(i64::MIN));
                let wish = Wish::Review { ids, decision, comment: None, seen, seen_until };
                hand_over_with(app, actions.by.person(), signed, wish, reply(actions), actions.card(id)).await
            }
            None => Ok(()),
        },
        action::END => match id(pressed).map(RequestId) {
            Some(request) => {
                hand_over(app, actions.by.person(), signed, Wish::End { request }, reply(actions)).await
            }
            None => Ok(()),
        },
        action::DENY => about(app, signed, actions, id(pressed), ask_why).await,
        action::CHOOSE => about(app, signed, actions, id(pressed), choose).await,
        action::ASK => ask(app, actions, None).await,
        action::ASK_AGAIN => ask(app, actions, id(pressed).map(RequestId)).await,
        action::ACCOUNTS | action::PERMISSION_SET | action::DURATION => refresh(app, actions).await,
        // A link, which Slack opened by itself.
        _ => Ok(()),
    };
    Ok(done.err())
}

/// NB. The value of a button is an id, and nothing else of it is believed.
fn id(pressed: &Pressed) -> Option<Uuid> {
    let value = pressed.value.as_deref()?;
    value.split_once('/').map_or(value, |(id, _)| id).parse().ok()
}

/// With the id of a batch: those of its requests that stood there by name. It only ever leaves something out.
fn seen(pressed: &Pressed) -> BTreeSet<RequestId> {
    let named = pressed.value.as_deref().and_then(|value| value.split_once('/'));
    named
        .into_iter()
        .flat_map(|(_, ids)| ids.split(','))
        .filter_map(|id| id.parse().ok().map(RequestId))
        .collect()
}

/// Whether it is the button of a batch that an earlier version posted, which named no requests.
fn names_nothing(pressed: &Pressed) -> bool {
    pressed.value.as_deref().is_some_and(|value| value.contains('/')) && seen(pressed).is_empty()
}

/// What they saw is not known, so that nothing is approved: the message is drawn anew, and its next button names
/// what it approves.
async fn of_earlier(app: &SlackApp, signed: Signed, actions: &Press, id: Uuid) -> Result<(), Trouble> {
    let card = actions.card(id).map(|card| PressedCard { is_outdated: true, ..card });
    look(app, signed, actions, card).await;
    let person = actions.by.person();
    let language = known(app, &person).await?.language;
    Err(Trouble::lasting(language.pick(
        "This message is of an earlier version of Kari, so nothing was approved. Use \"Choose …\" in it \
         or Kari's Home tab.",
        "このメッセージは Kari の以前のバージョンのもののため、承認は行われませんでした。メッセージの「選択…」または Kari のホームタブを利用してください。",
    )))
}

/// Has the worker look after the card, if it is one.
async fn look(app: &SlackApp, signed: Signed, actions: &Press, card: Option<PressedCard>) {
    if card.is_some() {
        let by = actions.by.person();
        let handed = hand_over_with(app, by, signed, Wish::Look, Reply::default(), card).await;
        // It is kept up by the next press.
        handed.unwrap_or(());
    }
}

fn reply(actions: &Press) -> Reply {
    let view = actions.view.as_ref();
    Reply {
        channel: actions.channel.as_ref().map(|channel| channel.id.clone()),
        home: view.is_some_and(OpenView::is_home),
        view: view.filter(|view| !view.is_home()).map(|view| view.id.clone()),
    }
}

/// A form about these requests.
type OpensForm = fn(Language, Uuid, &[Line<'_>], &Origin) -> SlackView;

/// Opens a form about a request, or about what waits of a batch. Whoever may not see it any more is told now, and not
/// after they have filled it in.
async fn about(
    app: &SlackApp,
    signed: Signed,
    actions: &Press,
    id: Option<Uuid>,
    form: OpensForm,
) -> Result<(), Trouble> {
    let (Some(trigger), Some(id)) = (&actions.trigger_id, id) else { return Ok(()) };
    let opened = open_about(app, actions, trigger, id, form).await;
    // After the form: a trigger does not wait.
    look(app, signed, actions, actions.card(id)).await;
    opened
}

async fn open_about(
    app: &SlackApp,
    actions: &Press,
    trigger: &str,
    id: Uuid,
    form: OpensForm,
) -> Result<(), Trouble> {
    let person = actions.by.person();
    let somebody = known(app, &person).await?;
    let language = somebody.language;
    let reader = somebody.reader(app).await.map_err(|why| Trouble::of(app, &somebody, &why))?;
    let found = requests::of_id(&app.kari, &reader, id).await;
    let found = found.map_err(|error| Trouble::failed(language, &error))?;
    let lines: Vec<_> = found.iter().map(|seen| Line { seen, snapshot: &reader.around.snapshot }).collect();
    let Reply { channel, home, .. } = reply(actions);
    let view = form(language, id, &lines, &Origin { channel, home });
    say::open(app, trigger, view).await.map_err(|error| Trouble::call(language, &error))
}

/// How many requests are named where more are denied at once.
const MOST_NAMED: usize = 10;

fn ask_why(language: Language, id: Uuid, lines: &[Line<'_>], origin: &Origin) -> SlackView {
    let mut titles: Vec<_> = lines.iter().take(MOST_NAMED).map(Line::title_and_requester).collect();
    if let Some(more) = lines.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
        titles.push(format!("+{more}"));
    }
    deny_form(language, &titles, &DenyContext { id: id.to_string(), origin: origin.clone() })
}

fn choose(language: Language, _: Uuid, lines: &[Line<'_>], origin: &Origin) -> SlackView {
    choose_form(language, lines, origin)
}

/// The form that asks for access, for the same as before where that is known.
async fn ask(app: &SlackApp, actions: &Press, again: Option<RequestId>) -> Result<(), Trouble> {
    let Some(trigger) = &actions.trigger_id else { return Ok(()) };
    let person = actions.by.person();
    let somebody = known(app, &person).await?;
    let form = match again {
        Some(request) => as_before(app, &somebody, request).await?,
        None => Form::default(),
    };
    form::open_form(app, &somebody, trigger, &form).await
}

async fn as_before(app: &SlackApp, somebody: &Somebody<'_>, request: RequestId) -> Result<Form, Trouble> {
    let language = somebody.language;
    let reader = somebody.reader(app).await.map_err(|why| Trouble::of(app, somebody, &why))?;
    let seen = get_request(&app.kari, &reader.caller, &reader.around, request).await;
    let (seen, _) = seen.map_err(|error| Trouble::failed(language, &error))?;
    let Some(asked) = seen.request.asked() else { return Ok(Form::default()) };
    let submission = &asked.submission;
    Ok(Form {
        accounts: vec![submission.target.account.clone()],
        permission_set: Some(submission.target.permission_set.clone()),
        duration: Some(submission.duration_minutes),
        start: None,
        reason: submission.justification.as_ref().map(|reason| reason.as_str().to_owned()),
        ticket: submission.ticket.as_ref().map(|ticket| ticket.as_str().to_owned()),
    })
}

/// The form with what is chosen by now. Where Slack shows something newer already, that stays.
async fn refresh(app: &SlackApp, actions: &Press) -> Result<(), Trouble> {
    let Some(view) = &actions.view else { return Ok(()) };
    let person = actions.by.person();
    let somebody = known_lately(app, &person).await?;
    let language = somebody.language;
    let reader = somebody.reader(app).await.map_err(|why| Trouble::of(app, &somebody, &why))?;
    let form = filled_in::so_far(view);
    let shown = form::view(app, language, &reader, &form).await;
    let shown = shown.map_err(|error| Trouble::failed(language, &error))?;
    if let Err(error) = say::update(app, &view.id, view.hash.clone(), shown).await {
        tracing::info!(%error, "a form was not refreshed");
    }
    Ok(())
}
