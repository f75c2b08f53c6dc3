use std::error::Error;
use std::fmt;
use std::marker::PhantomData;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::StatusCode;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::misfit::in_words;
use crate::Problem;
use crate::shapes::Reason;

/// What does not fit, and where in the body it is.
type Misfit = serde_path_to_error::Error<serde_json::Error>;

/// How long a body with a policy may be, in KiB: one that names as much as policies may takes half of it. Both
/// sides of a change of it are one row in DynamoDB, which takes 400 KB.
pub(crate) const POLICY_KIB: usize = 256;

/// A JSON body of at most so many KiB.
#[derive(Debug, Clone, Copy)]
pub struct Body<T, const MOST_KIB: usize = 64>(pub T);

impl<S: Send + Sync, T: DeserializeOwned, const MOST_KIB: usize> FromRequest<S> for Body<T, MOST_KIB> {
    type Rejection = Problem;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Problem> {
        DefaultBodyLimit::max(MOST_KIB * 1024).apply(&mut request);
        let parsed = Json::<Object<T>>::from_request(request, state).await;
        parsed.map(|Json(Object(body))| Self(body)).map_err(|rejection| problem(&rejection, MOST_KIB))
    }
}

/// A JSON object. NB. Serde would take an array for one, with its elements in the order of the fields.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData)).map(Self)
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

fn problem(rejection: &JsonRejection, most_kib: usize) -> Problem {
    match rejection {
        JsonRejection::JsonDataError(error) => {
            let misfit = misfit(error);
            let what = match misfit {
                Some(misfit) => in_words(&misfit.path().to_string(), &said(misfit.inner())),
                None => error.source().map_or_else(String::new, ToString::to_string),
            };
            let problem = Problem::malformed("malformed-body", &format!("the body does not fit: {what}"));
            match misfit {
                Some(misfit) => {
                    problem.with_reason(Reason::malformed_field(&misfit.path().to_string(), &what))
                }
                None => problem,
            }
        }
        JsonRejection::JsonSyntaxError(_) => {
            Problem::malformed("malformed-json", "the body is not well-formed JSON; send one JSON object")
        }
        JsonRejection::MissingJsonContentType(_) => Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            "send the body as `Content-Type: application/json`",
        ),
        JsonRejection::BytesRejection(_) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let detail = format!("the body is longer than {most_kib} KiB; send less at once");
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", &detail)
        }
        _ => Problem::malformed("malformed-body", "the body could not be read; send it again"),
    }
}

/// Which field does not fit, and why.
fn misfit<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Misfit> {
    let mut causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.find_map(|cause| cause.downcast_ref::<Misfit>())
}

/// What the parser said, without the place in the text, which says nothing to whoever has it made by a program.
fn said(error: &serde_json::Error) -> String {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let said = error.to_string();
    said.strip_suffix(place.as_str()).unwrap_or(&said).to_owned()
}
