//! What the Events API sends: somebody opens the App Home.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kari_slack::identity::SlackPerson;
use serde_json::json;

use crate::incoming::{Event, Push};
use crate::prompt::{hand_over, malformed, promptly, taken};
use crate::verified::FromSlack;
use crate::{Reply, SlackApp, Wish};

pub(crate) async fn event(State(app): State<SlackApp>, message: FromSlack) -> Response {
    match serde_json::from_slice::<Push>(&message.body) {
        Ok(Push::UrlVerification { challenge }) => Json(json!({ "challenge": challenge })).into_response(),
        Ok(Push::EventCallback { team_id, event: Event::AppHomeOpened { user, tab } })
            if tab.as_deref().is_none_or(|tab| tab == "home") =>
        {
            let by = SlackPerson { workspace: team_id, id: user };
            let handed = hand_over(&app, by, message.signed, Wish::Home, Reply::default());
            // What was not handed over is shown when they open it again.
            promptly(message.until, handed).await.unwrap_or(());
            taken()
        }
        Ok(Push::EventCallback { .. } | Push::Other) => taken(),
        Err(_) => malformed(),
    }
}
