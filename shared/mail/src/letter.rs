//! What a letter says: the same as text and as HTML.
//!
//! *Architecture invariant:* nothing that people wrote, and no name, is markup: it is put into the HTML by what escapes
//! it, and never into a tag.

use kari_application::ports::NotificationKind;
use kari_domain::request::{AccessRequest, Asked};
use kari_domain::settings::Language;
use kari_texts::{LetterKind, Links, Names, Piece, Remark, Said, Texts, Times, Voice, plain, remarks, shell};
use maud::{DOCTYPE, html};

use crate::Letter;

/// What fits into one line of a list of letters, and into a header.
const LONGEST_SUBJECT: usize = 200;

/// What a letter is about.
#[derive(Debug, Clone, Copy)]
pub struct Content<'a> {
    pub kind: LetterKind,
    /// The request, if it is about one, as it is now.
    pub request: Option<&'a AccessRequest>,
    pub names: Names<'a>,
    pub language: Language,
    pub links: &'a Links,
}

/// Writes a letter to this address.
pub fn letter(content: &Content<'_>, to: &str) -> Letter {
    let page = content.page();
    let html = page.html(content.language);
    Letter { to: to.to_owned(), subject: page.subject(), text: page.text(), html }
}

/// What stands in a letter, from top to bottom.
struct Page {
    title: &'static str,
    what: Option<String>,
    status: String,
    facts: Vec<(&'static str, String)>,
    /// What people wrote.
    quotes: Vec<(String, String)>,
    /// What to type.
    shell: Option<(&'static str, String)>,
    links: Vec<(&'static str, String)>,
}

impl Content<'_> {
    fn page(&self) -> Page {
        let voice = Voice { language: self.language, names: self.names };
        let title = voice.title(self.kind);
        let texts = voice.texts();
        let Some((request, asked)) = self.request.and_then(|request| Some((request, request.asked()?)))
        else {
            let links = vec![(texts.in_portal, self.links.portal.clone())];
            let (facts, quotes) = (vec![], vec![]);
            return Page { title, what: None, status: String::new(), facts, quotes, shell: None, links };
        };
        Page {
            title,
            what: Some(voice.what_to_tell(self.kind, asked)),
            status: in_words(&voice.status(request)),
            facts: self.facts(&voice, request, asked),
            quotes: self.quotes(texts, request, asked),
            shell: self.is(NotificationKind::Active).then(|| (texts.cli, shell(asked, self.names))),
            links: self.links(texts, asked),
        }
    }

    fn is(&self, kind: NotificationKind) -> bool {
        self.kind == LetterKind::Told(kind)
    }

    fn facts(
        &self,
        voice: &Voice<'_>,
        request: &AccessRequest,
        asked: &Asked,
    ) -> Vec<(&'static str, String)> {
        let (texts, submission) = (voice.texts(), &asked.submission);
        let Times { begins, ends, open_sessions } = voice.times(asked, Some(request));
        let mut facts = vec![
            (texts.requester, format!("{} ({})", self.names.requester(asked), self.names.user_name(asked))),
            (texts.account, format!("{} ({})", self.names.account(asked), submission.target.account)),
            (texts.place, self.names.path(asked)),
            (texts.begins, in_words(&begins)),
            (texts.ends, in_words(&ends)),
            (texts.open_sessions, open_sessions.as_deref().map(in_words).unwrap_or_default()),
        ];
        facts.extend(submission.ticket.as_ref().map(|ticket| (texts.ticket, ticket.as_str().to_owned())));
        facts.retain(|(_, value)| !value.is_empty());
        facts
    }

    /// Why, and what was said to it. What was said when it was approved is no news near its end.
    fn quotes(&self, texts: &Texts, request: &AccessRequest, asked: &Asked) -> Vec<(String, String)> {
        let reason = asked.submission.justification.as_ref();
        let reason = reason.map_or_else(|| texts.no_reason.to_owned(), |reason| reason.as_str().to_owned());
        let mut quotes = vec![(texts.reason.to_owned(), reason)];
        if !self.is(NotificationKind::ExpiringSoon) {
            quotes.extend(remarks(request).into_iter().map(|Remark { by, label, words }| {
                let by = self.names.person(by, label);
                (plain(texts.comment, &[("by", Piece::Text(&by))]), words.to_owned())
            }));
        }
        quotes
    }

    /// The most useful first.
    fn links(&self, texts: &Texts, asked: &Asked) -> Vec<(&'static str, String)> {
        let console = self.links.console(asked, self.names).filter(|_| self.is(NotificationKind::Active));
        let mut links: Vec<_> = console.map(|console| (texts.open_console, console)).into_iter().collect();
        links.push((texts.in_portal, self.links.request(asked)));
        if self.is(NotificationKind::ExpiringSoon) {
            links.push((texts.ask_again, self.links.again(asked)));
        }
        links
    }
}

/// Instants in UTC: nobody knows where it is read.
fn in_words(said: &[Said]) -> String {
    said.iter().map(Said::plain).collect()
}

impl Page {
    /// NB. One line: whatever begins another one could be taken for a header.
    fn subject(&self) -> String {
        let title = self.title.trim_end_matches(['.', '。']);
        let subject = self.what.as_ref().map_or_else(|| title.to_owned(), |what| format!("{title}: {what}"));
        let line = subject.chars().map(|c| if c.is_control() { ' ' } else { c });
        line.take(LONGEST_SUBJECT).collect()
    }

    fn text(&self) -> String {
        let mut parts = vec![self.title.to_owned()];
        let about = [self.what.as_deref().unwrap_or_default(), &self.status];
        parts.push(about.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"));
        parts.push(
            self.facts
                .iter()
                .map(|(label, value)| format!("{label}: {value}"))
                .collect::<Vec<_>>()
                .join("\n"),
        );
        parts.extend(self.quotes.iter().map(|(label, words)| format!("{label}:\n{}", indented(words, "> "))));
        parts.extend(self.shell.iter().map(|(label, lines)| format!("{label}\n{}", indented(lines, "    "))));
        parts.push(
            self.links.iter().map(|(label, url)| format!("{label}: {url}")).collect::<Vec<_>>().join("\n"),
        );
        parts.retain(|part| !part.is_empty());
        format!("{}\n", parts.join("\n\n"))
    }

    fn html(&self, language: Language) -> String {
        let language = match language {
            Language::En => "en",
            Language::Ja => "ja",
        };
        let page = html! {
            (DOCTYPE)
            html lang=(language) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width";
                    title { (self.subject()) }
                }
                body style="font-family: sans-serif; line-height: 1.5; max-width: 40em; margin: 1em auto; padding: 0 1em" {
                    h1 style="font-size: 1.25em" { (self.title) }
                    @if let Some(what) = &self.what { p { strong { (what) } } }
                    @if !self.status.is_empty() { p { (self.status) } }
                    @if !self.facts.is_empty() {
                        table style="border-collapse: collapse" {
                            @for (label, value) in &self.facts {
                                tr {
                                    th scope="row" style="text-align: left; vertical-align: top; padding: 0 1em 0 0; white-space: nowrap" { (label) }
                                    td { (value) }
                                }
                            }
                        }
                    }
                    @for (label, words) in &self.quotes {
                        p { strong { (label) } }
                        blockquote style="white-space: pre-wrap; margin: 0; padding: 0 0 0 1em; border-left: 3px solid #999" { (words) }
                    }
                    @if let Some((label, lines)) = &self.shell {
                        p { (label) }
                        pre { (lines) }
                    }
                    @for (label, url) in &self.links {
                        p { a href=(url) { (label) } }
                    }
                }
            }
        };
        page.into_string()
    }
}

fn indented(words: &str, by: &str) -> String {
    words.lines().map(|line| format!("{by}{line}")).collect::<Vec<_>>().join("\n")
}
