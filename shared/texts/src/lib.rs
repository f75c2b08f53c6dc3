//! What people are told about requests, in sentences, in every language that Kari speaks: one set of them for all
//! channels.
//!
//! It decides nothing, and must never know a channel's markup: it gives words and instants, and whoever shows them
//! escapes them. Start reading at [`Voice`].

mod links;
mod names;
mod said;
mod texts;
mod times;
mod voice;

pub use links::{Links, shell};
pub use names::Names;
pub use said::{Piece, Said, duration, in_utc, plain, said};
pub use texts::{Texts, texts};
pub use times::Times;
pub use voice::{LetterKind, Remark, Voice, remarks, sign};
