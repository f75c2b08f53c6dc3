//! The modals and the App Home: rendered from what the use cases say, and nothing else.
//!
//! *Architecture invariant:* what people wrote stands in plain text, where nothing in it means anything; what is
//! formatted is our own words, names of ids, and instants.

mod choose_form;
mod deny_form;
mod home;
pub mod ids;
mod line;
mod notice;
mod outcome;
mod outlook;
mod parts;
mod refusals;
mod request_form;

pub use choose_form::{Origin, choose_form};
pub use deny_form::{DenyContext, deny_form};
pub use home::{HomeContent, MOST_LISTED, home};
pub use line::{Line, in_words};
pub use notice::{notice, notice_home, wait};
pub use outcome::{Sent, outcome};
pub use outlook::outlook_text;
pub use refusals::{error_text, refusal_texts, stranger_text};
pub use request_form::{
    Choice, Form, FormContent, FormContext, MOST_OPTIONS, account_choice, common_permission_sets, options,
    request_form,
};
