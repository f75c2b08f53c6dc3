//! The form that asks for access, with everything it shows.

use std::collections::BTreeSet;

use kari_application::Error;
use kari_application::browse::{Seen, View, list_requests};
use kari_application::explain::{
    Eligibility, EligibilityQuery, OfferedAccount, Outlook, Thought, eligibility, offered_on, outlook,
};
use kari_application::ports::{Page, PageRequest, RequestFilter};
use kari_domain::ids::{PermissionSetArn, Target};
use kari_domain::policy::Offer;
use kari_domain::text::Note;
use kari_domain::time::Minutes;
use kari_slack::api::SlackView;
use kari_slack::views::{Form, FormContent, Line, request_form};
use kari_slack::{Language, Pick};

use crate::SlackApp;
use crate::prompt::Trouble;
use crate::who::{Reader, Somebody};

/// How much of somebody's access is shown above the form.
const MOST_ACCESS: usize = 5;
/// For how many of the chosen accounts it is worked out what would come of it, while somebody fills in the form.
const MOST_FORESEEN: usize = 5;

/// Opens the form.
pub(crate) async fn open_form(
    app: &SlackApp,
    somebody: &Somebody<'_>,
    trigger: &str,
    form: &Form,
) -> Result<(), Trouble> {
    let language = somebody.language;
    let reader = somebody.reader(app).await.map_err(|why| Trouble::of(app, somebody, &why))?;
    let view = view(app, language, &reader, form).await.map_err(|error| Trouble::failed(language, &error))?;
    crate::say::open(app, trigger, view).await.map_err(|error| Trouble::call(language, &error))
}

/// The form as it is with this filled in.
pub(crate) async fn view(
    app: &SlackApp,
    language: Language,
    reader: &Reader,
    form: &Form,
) -> Result<SlackView, Error> {
    let Page { items: access, next: more_access } = access(app, reader).await?;
    let offered = offered(app, reader, form).await?;
    let outlooks = outlooks(app, reader, form, MOST_FORESEEN).await?;
    let snapshot = &reader.around.snapshot;
    let terms = Terms::of(&offered, form);
    let content = FormContent {
        access: access.iter().map(|seen| Line { seen, snapshot }).collect(),
        more_access: more_access.is_some(),
        snapshot,
        longest: terms.longest,
        reason_required: offered.settings.justification_required,
        ticket_required: terms.ticket_required,
        notes: if offered.accounts.is_empty() { vec![nothing(language)] } else { terms.notes },
        outlooks: outlooks.iter().map(|(account, outlook)| (account.as_str(), outlook)).collect(),
    };
    Ok(request_form(language, form, &content))
}

fn nothing(language: Language) -> String {
    let text = language.pick(
        "No policy lets you ask for anything here. An administrator can change that.",
        "申請できるアクセスがありません。管理者に相談してください。",
    );
    text.to_owned()
}

/// What somebody has at present.
async fn access(app: &SlackApp, reader: &Reader) -> Result<Page<Seen>, Error> {
    let mine = RequestFilter { requester: Some(reader.caller.user.id.clone()), ..RequestFilter::default() };
    let page = PageRequest { limit: MOST_ACCESS, after: None };
    list_requests(&app.kari, &reader.caller, &reader.around, View::Active, &mine, &page).await
}

/// What may be asked for on the chosen accounts; with none chosen, whether there is anything at all.
async fn offered(app: &SlackApp, reader: &Reader, form: &Form) -> Result<Eligibility, Error> {
    if form.accounts.is_empty() {
        let any = EligibilityQuery { limit: 1, ..EligibilityQuery::default() };
        return eligibility(&app.kari, &reader.caller, &reader.around, &any).await;
    }
    offered_on(&app.kari, &reader.caller, &reader.around, &form.accounts).await
}

/// What would come of it on the first of the chosen accounts, by their names; nothing until enough is filled in.
pub(crate) async fn outlooks(
    app: &SlackApp,
    reader: &Reader,
    form: &Form,
    most: usize,
) -> Result<Vec<(String, Outlook)>, Error> {
    let (Some(permission_set), Some(duration)) = (&form.permission_set, form.duration) else {
        return Ok(vec![]);
    };
    let has_ticket = form.ticket.is_some();
    let mut outlooks = vec![];
    for account in form.accounts.iter().take(most) {
        let target = Target { account: account.clone(), permission_set: permission_set.clone() };
        let thought = Thought { target, start: form.start, duration, has_ticket };
        let known = reader.around.snapshot.accounts.get(account);
        let name = known.map_or_else(|| account.to_string(), |account| account.name.clone());
        outlooks.push((name, outlook(&app.kari, &reader.caller, &reader.around, &thought).await?));
    }
    Ok(outlooks)
}

/// On which terms the chosen permission set may be had on all chosen accounts for so long.
struct Terms {
    longest: Minutes,
    ticket_required: bool,
    notes: Vec<String>,
}

impl Terms {
    fn of(offered: &Eligibility, form: &Form) -> Self {
        let chosen = form.permission_set.as_ref();
        let offers: Vec<&Offer> = offered.accounts.iter().filter_map(|on| offer(on, chosen?)).collect();
        let needs_ticket = |duration| offers.iter().any(|offer| offer.needs_ticket(duration));
        let longest = offers.iter().map(|offer| offer.max_duration_minutes).min();
        let notes: BTreeSet<_> = offers.iter().flat_map(|offer| &offer.notes).map(Note::as_str).collect();
        Self {
            longest: longest.unwrap_or(offered.settings.maximum_duration_minutes),
            ticket_required: offered.settings.ticket_required || form.duration.is_some_and(needs_ticket),
            notes: notes.into_iter().map(str::to_owned).collect(),
        }
    }
}

fn offer<'a>(on: &'a OfferedAccount, chosen: &PermissionSetArn) -> Option<&'a Offer> {
    on.permission_sets.iter().find(|(set, _)| set.arn == *chosen).map(|(_, offer)| offer)
}
