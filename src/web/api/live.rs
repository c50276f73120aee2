//! `/api/v1/live`: what changes, as it happens (server-sent events), for screens that stay open.

use std::time::Duration;

use actix_web::{
    HttpRequest, Responder,
    web::{Data, Query},
};
use actix_web_lab::sse;
use serde::Deserialize;
use tokio::sync::mpsc;
use utoipa::IntoParams;

use crate::{
    usecases::watch_zones::watch_zones,
    web::{State, problem::Problem, session::SignedIn},
};

/// How often the store is asked; one look-up of the newest record where nothing is new.
const EVERY: Duration = Duration::from_secs(3);
/// A stream ends after this long and the browser connects again: that is when its right to see is asked anew.
const LONGEST: Duration = Duration::from_mins(8);

/// Where to begin.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct From {
    /// Number of the last record seen; by default what is recorded from now on. `Last-Event-ID` says the same.
    after: Option<i64>,
}

/// Every zone change as it is recorded: event `zone`, its data as in `changes` of `/zones`, its id the newest record.
#[utoipa::path(get, path = "/live", tag = "zones", params(From), responses((status = 200, content_type = "text/event-stream")))]
pub async fn stream(
    state: Data<State>,
    SignedIn { actor, .. }: SignedIn,
    Query(from): Query<From>,
    request: HttpRequest,
) -> Result<impl Responder, Problem> {
    let last = request.headers().get("last-event-id").and_then(|id| id.to_str().ok()?.parse::<i64>().ok());
    let now = state.clock.now();
    let begun = {
        let actor = actor.clone();
        state.store.read(move |conn| watch_zones(conn, &actor, None, now)).await?.newest
    };
    let mut after = last.or(from.after).map_or(begun, |last| last.min(begun));
    let (sender, receiver) = mpsc::channel::<sse::Event>(8);
    actix_web::rt::spawn(async move {
        let begun = tokio::time::Instant::now();
        while begun.elapsed() < LONGEST && !sender.is_closed() {
            let (actor, now) = (actor.clone(), state.clock.now());
            match state.store.read(move |conn| watch_zones(conn, &actor, Some(after), now)).await {
                Ok(news) => {
                    after = news.newest;
                    for change in &news.changes {
                        let Ok(data) = sse::Data::new_json(change) else { continue };
                        if sender.send(data.id(after.to_string()).event("zone").into()).await.is_err() {
                            return;
                        }
                    }
                }
                Err(error) => tracing::warn!(%error, "the live stream could not read"),
            }
            tokio::time::sleep(EVERY).await;
        }
    });
    Ok(sse::Sse::from_infallible_receiver(receiver).with_keep_alive(Duration::from_secs(20)))
}
