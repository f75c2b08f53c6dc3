//! What stands around every route.

mod etag;
mod headers;
mod log;

pub(crate) use etag::answer_not_modified;
pub(crate) use headers::add_headers;
pub(crate) use log::log;
