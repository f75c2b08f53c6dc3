//! Where routes are gathered, once for two uses: to be answered, and to be described in the OpenAPI document.
//! What describes them is big and is made at the start of whatever has it; the program on Lambda has none of it.

use axum::Router;
use axum::handler::Handler;
use axum::routing::MethodRouter;
use utoipa::openapi::HttpMethod;
use utoipa_axum::PathItemExt;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::ApiState;

/// What becomes of routes.
pub(crate) trait Routes {
    fn none() -> Self;
    /// The operations on one path, either with what the document says of them or without it.
    fn with(
        self,
        described: impl FnOnce() -> UtoipaMethodRouter<ApiState>,
        bare: impl FnOnce() -> OnePath,
    ) -> Self;
    fn and(self, more: Self) -> Self;
}

/// They are answered.
impl Routes for Router<ApiState> {
    fn none() -> Self {
        Self::new()
    }

    fn with(self, _: impl FnOnce() -> UtoipaMethodRouter<ApiState>, bare: impl FnOnce() -> OnePath) -> Self {
        let OnePath { path, methods } = bare();
        self.route(&path, methods)
    }

    fn and(self, more: Self) -> Self {
        self.merge(more)
    }
}

/// They are described.
impl Routes for OpenApiRouter<ApiState> {
    fn none() -> Self {
        Self::new()
    }

    fn with(
        self,
        described: impl FnOnce() -> UtoipaMethodRouter<ApiState>,
        _: impl FnOnce() -> OnePath,
    ) -> Self {
        self.routes(described())
    }

    fn and(self, more: Self) -> Self {
        self.merge(more)
    }
}

/// The handlers of one path.
#[derive(Default)]
pub(crate) struct OnePath {
    path: String,
    methods: MethodRouter<ApiState>,
}

impl OnePath {
    pub(crate) fn handled<H, T>(self, path: String, by: &[HttpMethod], handler: &H) -> Self
    where
        H: Handler<T, ApiState>,
        T: 'static,
    {
        let on =
            |methods: MethodRouter<_>, one: &HttpMethod| methods.on(one.to_method_filter(), handler.clone());
        Self { path, methods: by.iter().fold(self.methods, on) }
    }
}

/// Adds the handlers of one path to `Routes`. Path and methods are those of their attribute `utoipa::path`.
macro_rules! with {
    ($routes:expr, $($($part:ident)::+),+) => {
        $crate::routing::Routes::with(
            $routes,
            || utoipa_axum::routes!($($($part)::+),+),
            || {
                $crate::routing::OnePath::default()$(.handled(
                    utoipa_axum::routes!(@path [path()] of $($part)::+),
                    &utoipa_axum::routes!(@path [methods()] of $($part)::+),
                    &$($part)::+,
                ))+
            },
        )
    };
}

pub(crate) use with;
