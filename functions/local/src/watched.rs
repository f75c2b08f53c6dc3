//! Bodies that are watched on their way.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};

/// The same body, but whenever more of it was asked for, `watch` is told whether that is still awaited. It is dropped
/// with the body, and so keeps what it holds until all of that is handed on, or given up.
pub(crate) fn watched(body: Body, watch: impl FnMut(bool) + Send + Unpin + 'static) -> Body {
    Body::new(Watched { body, watch })
}

struct Watched<W> {
    body: Body,
    watch: W,
}

impl<W: FnMut(bool) + Unpin> HttpBody for Watched<W> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        (self.watch)(polled.is_pending());
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
