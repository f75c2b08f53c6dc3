//! The card of a request, or of a batch of them: what reviewers see and press, and what became of it.

use kari_domain::ids::BatchId;
use kari_domain::request::{AccessRequest, Asked};
use kari_domain::settings::Language;
use kari_texts::{Names, Piece, Texts, Times, Voice, plain, sign};
use serde::{Deserialize, Serialize};
use slack_morphism::SlackUserId;
use slack_morphism::blocks::SlackBlock;

use super::batch::{MOST_NAMED, Member, lines};
use super::buttons::{APPROVE, CHOOSE, DENY, actions, button, danger, link, primary};
use super::remarks::with_remarks;
use super::rich::{Run, block, bold, mention, quote, runs, section, text};
use super::{Message, cut, header};

/// So many of a batch are in a notification, by their signs.
const MOST_SIGNS: usize = 50;
/// So much of a requester's name stands in the title, which has room for everything then.
const LONGEST_REQUESTER: usize = 40;
/// So many people are mentioned: more hear nothing better.
pub const MOST_MENTIONED: usize = 20;

/// What a card shows.
#[derive(Debug, Clone)]
pub struct Card<'a> {
    /// The request; of a batch any one of it.
    pub request: &'a AccessRequest,
    /// Every request of the batch; empty for a request by itself.
    pub batch: Vec<Member>,
    pub progress: Vec<Progress>,
    /// Who is told that it waits: the notify list alone.
    pub mentioned: Vec<SlackUserId>,
    pub names: Names<'a>,
    pub language: Language,
    /// Where the portal is, without a slash at its end.
    pub portal: &'a str,
}

/// How far a requirement is met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub policy: String,
    pub quorum: u8,
    /// Whether it is approved in the portal, and not here.
    pub portal_only: bool,
    /// Who approved it, by name.
    pub met_by: Vec<String>,
}

impl Progress {
    /// How many of how many approved, and who; and where the rest can, if that is not here.
    pub(super) fn line(&self, said: &Texts) -> String {
        let (met, quorum) = (self.met_by.len().to_string(), self.quorum.to_string());
        let pieces = [
            ("policy", Piece::Text(&self.policy)),
            ("met", Piece::Text(&met)),
            ("quorum", Piece::Text(&quorum)),
        ];
        let mut line = plain(said.approval, &pieces);
        if !self.met_by.is_empty() {
            line = format!("{line} – {}", self.met_by.join(said.list_separator));
        }
        if self.portal_only && self.met_by.len() < usize::from(self.quorum) {
            line = plain(said.approval_in_portal, &[("approval", Piece::Text(&line))]);
        }
        line
    }
}

/// Renders a card; `None` if the request was never submitted.
pub fn card(card: &Card<'_>) -> Option<Message> {
    let asked = card.request.asked()?;
    let title = card.title(asked);
    let mut blocks = vec![header(&title), block(vec![section(card.facts(asked))])];
    blocks.extend(card.reason(asked));
    if card.is_batch() {
        blocks.extend(lines(&card.batch, card.language, card.portal, &card.details(asked)));
    } else if card.waits() && !card.progress.is_empty() {
        blocks.push(block(vec![section(card.approvals())]));
    }
    if card.waits() && !card.mentioned.is_empty() {
        blocks.push(block(vec![section(card.mentions())]));
    }
    blocks.extend(card.buttons(asked));
    Some(Message::new(&format!("{title} – {}", card.summary()), blocks))
}

impl Card<'_> {
    fn voice(&self) -> Voice<'_> {
        Voice { language: self.language, names: self.names }
    }

    fn is_batch(&self) -> bool {
        self.batch.len() > 1
    }

    /// Whether anything of it can still be reviewed.
    fn waits(&self) -> bool {
        if self.is_batch() {
            self.batch.iter().any(|member| member.pending)
        } else {
            matches!(self.request, AccessRequest::Pending(_))
        }
    }

    fn title(&self, asked: &Asked) -> String {
        let requester = cut(&self.names.requester(asked), LONGEST_REQUESTER);
        if self.is_batch() {
            return self.voice().what_of(&requester, asked, self.batch.len());
        }
        let set = self.names.permission_set(asked);
        let account = self.names.account(asked);
        let pieces = [
            ("requester", Piece::Text(&requester)),
            ("permission_set", Piece::Text(&set)),
            ("account", Piece::Text(&account)),
        ];
        plain(self.voice().texts().asks_for, &pieces)
    }

    /// The state in a few words, for notifications.
    fn summary(&self) -> String {
        if self.is_batch() {
            return self.batch.iter().map(|member| member.sign.as_str()).take(MOST_SIGNS).collect();
        }
        self.voice().short(self.request).to_owned()
    }

    /// What the title does not say: that has the permission set.
    fn facts(&self, asked: &Asked) -> Vec<Run> {
        let (voice, said) = (self.voice(), self.voice().texts());
        let mut lines = vec![];
        if !self.is_batch() {
            lines.push(
                [vec![text(format!("{} ", sign(self.request)))], runs(voice.status(self.request))].concat(),
            );
        }
        let requester = format!("{} ({})", self.names.requester(asked), self.names.user_name(asked));
        lines.push(labelled(said, said.requester, vec![text(requester)]));
        if !self.is_batch() {
            let account = format!("{} ({})", self.names.account(asked), asked.submission.target.account);
            lines.push(labelled(said, said.account, vec![text(account)]));
            let path = self.names.path(asked);
            if !path.is_empty() {
                lines.push(labelled(said, said.place, vec![text(path)]));
            }
        }
        lines.extend(self.times(asked));
        if let Some(ticket) = &asked.submission.ticket {
            lines.push(labelled(said, said.ticket, vec![text(ticket.as_str())]));
        }
        lines.join(&text("\n"))
    }

    /// From when, until when, and until when an open session may last; once it is over the status says that.
    fn times(&self, asked: &Asked) -> Vec<Vec<Run>> {
        let said = self.voice().texts();
        let request = (!self.is_batch()).then_some(self.request);
        let Times { begins, ends, open_sessions } = self.voice().times(asked, request);
        let mut times =
            vec![labelled(said, said.begins, runs(begins)), labelled(said, said.ends, runs(ends))];
        times.extend(open_sessions.map(|until| labelled(said, said.open_sessions, runs(until))));
        times
    }

    /// Why, in the requester's words; and what was said to it.
    fn reason(&self, asked: &Asked) -> Vec<SlackBlock> {
        let said = self.voice().texts();
        let reason = asked.submission.justification.as_ref().map(|reason| quote(reason.as_str()));
        let mut elements = vec![section(vec![bold(said.reason)])];
        elements.push(reason.unwrap_or_else(|| section(vec![text(said.no_reason)])));
        if self.is_batch() {
            return vec![block(elements)];
        }
        with_remarks(elements, self.request, &self.voice())
    }

    fn approvals(&self) -> Vec<Run> {
        let said = self.voice().texts();
        let title = vec![bold(said.approvals)];
        let lines = self.progress.iter().map(|progress| vec![text(progress.line(said))]);
        [title].into_iter().chain(lines).collect::<Vec<_>>().join(&text("\n"))
    }

    fn mentions(&self) -> Vec<Run> {
        let said = self.voice().texts();
        let mut runs = vec![text(plain(said.labelled, &[("label", Piece::Text(said.told))]))];
        for user in self.mentioned.iter().take(MOST_MENTIONED) {
            runs.extend([mention(user), text(" ")]);
        }
        runs
    }

    fn details(&self, asked: &Asked) -> String {
        format!("{}/requests/{}", self.portal, asked.submission.id)
    }

    /// NB. Only what applies: what is decided has nothing to press.
    fn buttons(&self, asked: &Asked) -> Option<SlackBlock> {
        let said = self.voice().texts();
        let approve = |label, value: &str| {
            self.may_be_approved_here().then(|| primary(button(APPROVE, label, value))).into_iter()
        };
        let mut buttons: Vec<_> = match (self.waits(), self.batch_id(asked)) {
            (false, _) => vec![],
            (true, None) => {
                let id = asked.submission.id.to_string();
                approve(said.approve, &id).chain([danger(button(DENY, said.deny, &id))]).collect()
            }
            (true, Some(batch)) => {
                let id = batch.to_string();
                // NB. What stands elsewhere, or joins the batch later, was not seen by whoever presses it.
                let seen = self.batch.iter().take(MOST_NAMED).filter(|member| member.pending);
                let seen: Vec<_> = seen.map(|member| member.id.to_string()).collect();
                let seen = format!("{id}/{}", seen.join(","));
                let others = [danger(button(DENY, said.deny_all, &id)), button(CHOOSE, said.choose, &id)];
                approve(said.approve_all, &seen).chain(others).collect()
            }
        };
        buttons.extend(link(0, said.details, &self.details(asked)));
        let name = if self.is_batch() { "batch" } else { "request" };
        (!buttons.is_empty()).then(|| actions(name, buttons))
    }

    /// NB. Whoever presses it all the same is refused by the domain.
    fn may_be_approved_here(&self) -> bool {
        let may = |progress: &[Progress]| progress.is_empty() || progress.iter().any(|it| !it.portal_only);
        if self.is_batch() {
            self.batch.iter().any(|member| member.pending && may(&member.progress))
        } else {
            may(&self.progress)
        }
    }

    fn batch_id(&self, asked: &Asked) -> Option<BatchId> {
        asked.submission.batch.filter(|_| self.is_batch())
    }
}

fn labelled(said: &Texts, label: &str, value: Vec<Run>) -> Vec<Run> {
    [vec![bold(plain(said.labelled, &[("label", Piece::Text(label))]))], value].concat()
}
