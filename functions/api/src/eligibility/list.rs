use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use kari_application::Error;
use kari_application::explain::{self, Eligibility, EligibilityQuery, OfferedAccount, eligibility};
use kari_domain::directory::PermissionSet;
use kari_domain::ids::AccountId;
use kari_domain::policy::{Offer, Term};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::apart::{OFFERS, apart};
use crate::extract::{Limit, Params, Search};
use crate::shapes::{AccountView, Names, Place};
use crate::{ApiState, Problem, Problems, SyncedCaller};

/// What narrows the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListEligibility {
    /// Words that must occur in the account's name, its id or the names of its units.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "payments")]
    search: Search,
    /// Only this account.
    #[param(value_type = Option<String>)]
    account: Option<AccountId>,
    /// How many accounts: 1 to 200. Fewer come where very much may be asked for on them.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the part before ended.
    cursor: Option<String>,
}

/// What the caller may ask for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EligibilityList {
    items: Vec<EligibleAccount>,
    next: Option<String>,
    settings: FormSettings,
    directory_synced_at: DateTime<Utc>,
}

/// An account and what may be asked for on it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EligibleAccount {
    account: AccountView,
    permission_sets: Vec<OfferView>,
}

/// On which terms a permission set may be asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferView {
    arn: String,
    name: String,
    description: String,
    session_duration_minutes: u32,
    max_duration_minutes: u32,
    /// The longest that may be had without approval, if any.
    max_duration_without_approval_minutes: Option<u32>,
    /// From the shortest to the longest durations; each holds for what is longer than the one before it allows.
    terms: Vec<TermView>,
    /// Notes of the deciding policies.
    notes: Vec<String>,
}

/// What holds for some durations: policies for longer ones may ask for more.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TermView {
    up_to_minutes: u32,
    approval_required: bool,
    ticket_required: bool,
}

/// What the settings ask of every request.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FormSettings {
    justification_required: bool,
    ticket_required: bool,
    maximum_duration_minutes: u32,
}

/// What may I ask for
#[utoipa::path(get, path = "/eligibility", operation_id = "list_eligibility", tag = "eligibility",
    params(ListEligibility), responses((status = 200, body = EligibilityList), Problems))]
pub(crate) async fn list_eligibility(
    State(api): State<ApiState>,
    me: SyncedCaller,
    Params(query): Params<ListEligibility>,
) -> Result<Json<EligibilityList>, Problem> {
    let after = query.cursor.as_deref().map(place).transpose()?;
    let (search, account, limit) = (query.search.words(), query.account, query.limit.get());
    let query = EligibilityQuery { search, account, after, limit };
    let SyncedCaller { caller, around } = me;
    let found =
        async move { eligibility(&api.kari, &caller, &around, &query).await.map(EligibilityList::from) };
    apart(&OFFERS, found).await.map(Json)
}

fn place(cursor: &str) -> Result<explain::Place, Error> {
    let Place { name, id } = Place::parse(cursor)?;
    Ok(explain::Place { name, id: AccountId::parse(id).map_err(|_| Error::BadCursor)? })
}

fn cursor(place: explain::Place) -> String {
    Place { name: place.name, id: place.id.to_string() }.cursor()
}

impl From<Eligibility> for EligibilityList {
    fn from(found: Eligibility) -> Self {
        let names = Names(&found.snapshot);
        let settings = FormSettings {
            justification_required: found.settings.justification_required,
            ticket_required: found.settings.ticket_required,
            maximum_duration_minutes: found.settings.maximum_duration_minutes.0,
        };
        Self {
            items: found.accounts.iter().map(|offered| eligible(names, offered)).collect(),
            next: found.next.map(cursor),
            settings,
            directory_synced_at: found.snapshot.synced_at,
        }
    }
}

fn eligible(names: Names<'_>, offered: &OfferedAccount) -> EligibleAccount {
    let sets = offered.permission_sets.iter().map(|(set, offer)| OfferView::new(set, offer));
    EligibleAccount { account: names.account(&offered.account), permission_sets: sets.collect() }
}

impl From<&Term> for TermView {
    fn from(term: &Term) -> Self {
        Self {
            up_to_minutes: term.up_to_minutes.0,
            approval_required: term.approval_required,
            ticket_required: term.ticket_required,
        }
    }
}

impl OfferView {
    fn new(set: &PermissionSet, offer: &Offer) -> Self {
        Self {
            arn: set.arn.to_string(),
            name: set.name.clone(),
            description: set.description.clone(),
            session_duration_minutes: set.session_duration.0,
            max_duration_minutes: offer.max_duration_minutes.0,
            max_duration_without_approval_minutes: offer.longest_without_approval_minutes.map(|m| m.0),
            terms: offer.terms.iter().map(TermView::from).collect(),
            notes: offer.notes.iter().map(|note| note.as_str().to_owned()).collect(),
        }
    }
}
