//! The requests of a batch, two lines for each: what it is for and how it stands, then where it is and what
//! was decided by whom.

use std::collections::{BTreeMap, BTreeSet};

use kari_domain::ids::{RequestId, UserId};
use kari_domain::request::AccessRequest;
use kari_domain::settings::Language;
use kari_texts::{Names, Piece, Said, Texts, Voice, plain, sign, texts};
use serde::{Deserialize, Serialize};
use slack_morphism::blocks::SlackBlock;

use super::card::Progress;
use super::remarks::status_with_remarks;
use super::rich::{Run, block, bold, link, runs, section, text};
use super::{LONGEST_TEXT, cut};

/// So many are named: all that a batch has. Their ids fit into what a button carries.
pub(super) const MOST_NAMED: usize = 50;
/// So many characters have all lines together: a whole message has about thirteen thousand. NB. Each is so short that
/// all are named: what is approved by one press was before whoever pressed.
const LONGEST_IN_ALL: usize = 3 * LONGEST_TEXT;
/// Of so many at most each is a link to its request, with times in the time zone of whoever reads; as they are sent both
/// are long. Those of more are no links, with times in UTC.
const MOST_IN_FULL: usize = 10;
/// The most characters of a line, however few there are.
const LONGEST_LINE: usize = 400;
/// The most characters of an account's name; Organizations takes no longer one.
const LONGEST_NAME: usize = 50;
/// Of the units above an account.
const LONGEST_PLACE: usize = 100;
/// What stands between the parts of a line.
const BETWEEN: usize = 3;

/// One request of a batch, as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub id: RequestId,
    /// After how many events it is so.
    pub version: u64,
    pub account: String,
    pub account_id: String,
    /// The units above the account, from the root.
    #[serde(default)]
    pub path: String,
    pub sign: String,
    /// Its state in a word, in each language.
    pub state: [String; 2],
    pub pending: bool,
    /// How far what is asked of reviewers is met, while it waits.
    #[serde(default)]
    pub progress: Vec<Progress>,
    /// By whom it was decided, what they said, and what came or comes of it, in each language; nothing while it waits.
    #[serde(default)]
    pub status: [Vec<Said>; 2],
    /// Who is mentioned while it waits, by channel: those on the notify lists alone.
    #[serde(default)]
    pub told: BTreeMap<String, BTreeSet<UserId>>,
    /// Where it is or was asked, by what those places are remembered by. Where that is unknown it is shown everywhere.
    #[serde(default)]
    pub places: Option<BTreeSet<String>>,
}

/// A request as it stands in the card of its batch; `None` if it was never submitted.
pub fn member(
    request: &AccessRequest,
    version: u64,
    names: Names<'_>,
    progress: Vec<Progress>,
    told: BTreeMap<String, BTreeSet<UserId>>,
    places: Option<BTreeSet<String>>,
) -> Option<Member> {
    let asked = request.asked()?;
    let pending = matches!(request, AccessRequest::Pending(_));
    let short = |language| Voice { language, names }.short(request).to_owned();
    let status = |language| {
        if pending { vec![] } else { status_with_remarks(request, &Voice { language, names }) }
    };
    Some(Member {
        id: asked.submission.id,
        version,
        account: names.account(asked),
        account_id: asked.submission.target.account.to_string(),
        path: names.path(asked),
        sign: sign(request).to_owned(),
        state: [short(Language::En), short(Language::Ja)],
        pending,
        progress,
        status: [status(Language::En), status(Language::Ja)],
        told,
        places,
    })
}

/// Every request, and what is more than a batch has summed up with a link to `rest`; `portal` has no slash at its end.
/// Each block is short enough for Slack.
pub(super) fn lines(batch: &[Member], language: Language, portal: &str, rest: &str) -> Vec<SlackBlock> {
    let said = texts(language);
    let mut parts: Vec<Vec<Run>> = vec![vec![bold(said.accounts)]];
    let (named, others) = batch.split_at(batch.len().min(MOST_NAMED));
    let longest = (LONGEST_IN_ALL / named.len().max(1)).min(LONGEST_LINE);
    let mut in_part = said.accounts.chars().count();
    for member in named {
        let line = member.line(language, longest);
        let length = 1 + line.length();
        if in_part + length > LONGEST_TEXT - LONGEST_NAME {
            parts.push(vec![]);
            in_part = 0;
        }
        in_part += length;
        if let Some(part) = parts.last_mut() {
            let separator = if part.is_empty() { "" } else { "\n" };
            part.extend(if named.len() <= MOST_IN_FULL {
                line.in_full(separator, &format!("{portal}/requests/{}", member.id))
            } else {
                line.in_words(separator)
            });
        }
    }
    if !others.is_empty() {
        parts.push(summed_up(others, said, rest));
    }
    parts.into_iter().map(|part| block(vec![section(part)])).collect()
}

/// How many more there are, how they stand, and where they are shown.
fn summed_up(others: &[Member], said: &Texts, rest: &str) -> Vec<Run> {
    let mut signs: BTreeMap<&str, usize> = BTreeMap::new();
    for member in others {
        *signs.entry(&member.sign).or_default() += 1;
    }
    let signs: Vec<_> = signs.iter().map(|(sign, count)| format!("{sign} {count}")).collect();
    let more = plain(said.more_in_batch, &[("count", Piece::Text(&others.len().to_string()))]);
    vec![text(format!("{more} ({}) ", signs.join("  "))), link(rest, said.in_portal)]
}

impl Member {
    /// NB. Whoever reviews one request of a batch may be one who may not see another.
    pub fn is_shown_in(&self, place: &str) -> bool {
        self.places.as_ref().is_none_or(|places| places.contains(place))
    }

    /// What stands somewhere already goes on being shown there, wherever it is asked by now.
    pub fn keep_places_of(&mut self, known: &Self) {
        self.places = match (self.places.take(), &known.places) {
            (Some(places), Some(before)) => Some(places.union(before).cloned().collect()),
            (_, None) | (None, Some(_)) => None,
        };
    }

    /// What it is for and how it stands, and as much of where it is as then fits.
    fn line(&self, language: Language, longest: usize) -> Line {
        let said = texts(language);
        let spoken = usize::from(language == Language::Ja);
        let state = self.state.get(spoken);
        let account = cut(&self.account, LONGEST_NAME);
        let pieces = [
            ("id", Piece::Text(&self.account_id)),
            ("state", Piece::Text(state.map(String::as_str).unwrap_or_default())),
        ];
        let (before, after) = said.in_batch.split_once("{account}").unwrap_or_default();
        let before = format!("{} {}", self.sign, plain(before, &pieces));
        let mut after = plain(after, &pieces);
        let taken: usize = [&before, &account, &after].iter().map(|part| part.chars().count()).sum();
        let room = longest.saturating_sub(taken + BETWEEN);
        let progress = self.progress.iter().map(|progress| progress.line(said)).collect::<Vec<_>>();
        let mut stands = vec![Said::Text(progress.join(said.list_separator))];
        stands.extend(self.status.get(spoken).into_iter().flatten().cloned());
        let stands = cut_short(stands, room);
        let room = room.saturating_sub(length(&stands) + BETWEEN);
        let place = end_of(&self.path, LONGEST_PLACE.min(room));
        let (is_placed, stands_somehow) = (!place.is_empty(), length(&stands) > 0);
        if is_placed || stands_somehow {
            // An em space: others are taken away at the start of a line.
            after.push_str("\n\u{2003}\u{2003}");
            after.push_str(&place);
        }
        if is_placed && stands_somehow {
            after.push_str(" · ");
        }
        Line { before, account, after: joined([vec![Said::Text(after)], stands].concat()) }
    }
}

/// What is said of one request.
struct Line {
    before: String,
    account: String,
    after: Vec<Said>,
}

impl Line {
    fn length(&self) -> usize {
        self.before.chars().count() + self.account.chars().count() + length(&self.after)
    }

    fn in_full(self, separator: &str, request: &str) -> Vec<Run> {
        let start = vec![text(format!("{separator}{}", self.before)), link(request, &self.account)];
        [start, runs(self.after)].concat()
    }

    fn in_words(self, separator: &str) -> Vec<Run> {
        let after: String = self.after.iter().map(Said::plain).collect();
        vec![text(format!("{separator}{}{}{after}", self.before, self.account))]
    }
}

/// How many characters it has; an instant so many as in UTC.
fn length(said: &[Said]) -> usize {
    said.iter().map(|part| part.plain().chars().count()).sum()
}

/// At most so many characters of what is said.
fn cut_short(said: Vec<Said>, longest: usize) -> Vec<Said> {
    let mut room = longest;
    let mut kept = vec![];
    for part in said {
        let words = part.plain();
        let length = words.chars().count();
        if length > room {
            kept.push(Said::Text(cut(&words, room)));
            break;
        }
        room -= length;
        kept.push(part);
    }
    kept
}

/// The same with no two texts after each other.
fn joined(said: Vec<Said>) -> Vec<Said> {
    let mut all: Vec<Said> = vec![];
    for part in said {
        if let (Some(Said::Text(words)), Said::Text(more)) = (all.last_mut(), &part) {
            words.push_str(more);
        } else {
            all.push(part);
        }
    }
    all
}

/// At most so many characters, the last ones: of a path they say more.
fn end_of(path: &str, longest: usize) -> String {
    let length = path.chars().count();
    if length <= longest {
        return path.to_owned();
    }
    let end: String = path.chars().skip(length + 1 - longest).collect();
    if end.is_empty() { end } else { format!("…{end}") }
}
