//! E-mail: what people are told about their requests, and administrators about trouble, as text and HTML.
//!
//! It must never know who carries a letter: SES and SMTP stand behind [`Postman`]. Start reading at `delivery.rs`,
//! which says who gets what, then `letter.rs`, what it says, and `late.rs`, what becomes of it where none is taken.

mod delivery;
mod late;
mod letter;
mod postman;
mod rest;

pub use delivery::{MOST_REVIEWERS, Mail};
pub use kari_texts::Links;
pub use letter::{Content, letter};
pub use postman::{Letter, Postman, SendError};
