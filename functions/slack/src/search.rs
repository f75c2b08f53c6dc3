//! Searching what may be asked for, while somebody types.

use kari_application::explain::{EligibilityQuery, find_accounts, offered_on};
use kari_application::words::Words;
use kari_slack::api::SlackBlockSuggestionOptions;
use kari_slack::views::ids::action;
use kari_slack::views::{Choice, MOST_OPTIONS, account_choice, common_permission_sets, options};

use crate::SlackApp;
use crate::filled_in::accounts;
use crate::incoming::Suggestion;
use crate::prompt::Trouble;
use crate::who::{Reader, Somebody};

/// What matches, at most a hundred: whoever does not find what they want goes on typing.
pub(crate) async fn search(
    app: &SlackApp,
    somebody: &Somebody<'_>,
    suggestion: &Suggestion,
) -> Result<SlackBlockSuggestionOptions, Trouble> {
    let reader = somebody.reader(app).await.map_err(|why| Trouble::of(app, somebody, &why))?;
    let words = Words::new(&suggestion.value);
    let found = match suggestion.action_id.as_str() {
        action::ACCOUNTS => matching_accounts(app, &reader, words).await,
        action::PERMISSION_SET => matching_sets(app, &reader, suggestion, &words).await,
        _ => Ok(vec![]),
    };
    found.map(options).map_err(|error| Trouble::failed(somebody.language, &error))
}

async fn matching_accounts(
    app: &SlackApp,
    reader: &Reader,
    search: Words,
) -> Result<Vec<Choice>, kari_application::Error> {
    let query = EligibilityQuery { search, limit: MOST_OPTIONS, ..EligibilityQuery::default() };
    let found = find_accounts(&app.kari, &reader.caller, &reader.around, &query).await?;
    Ok(found.iter().map(|account| account_choice(account, &reader.around.snapshot)).collect())
}

async fn matching_sets(
    app: &SlackApp,
    reader: &Reader,
    suggestion: &Suggestion,
    search: &Words,
) -> Result<Vec<Choice>, kari_application::Error> {
    let chosen = suggestion.view.as_ref().map(accounts).unwrap_or_default();
    let offered = offered_on(&app.kari, &reader.caller, &reader.around, &chosen).await?;
    // One of them where nothing is on offer leaves nothing for all of them.
    if offered.accounts.len() < chosen.len() {
        return Ok(vec![]);
    }
    let sets = common_permission_sets(&offered.accounts);
    Ok(sets.into_iter().filter(|(name, _)| search.matches(|| name)).map(|(_, choice)| choice).collect())
}
