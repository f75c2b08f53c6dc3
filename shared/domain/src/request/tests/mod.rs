//! `given(events).when(command).then(…)`: the rules of [`decide`](super::decide), one sentence each.

mod activation;
mod agreement;
mod ending;
mod given;
mod permitted;
mod plan;
mod properties;
mod refusal;
mod replay;
mod review;
mod revoke;
pub(crate) mod sample;
mod submit;
pub(crate) mod table;
mod withdraw;
mod world;
