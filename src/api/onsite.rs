//! Who is on the websites, for agents.

use crate::model::error::ApiError;
use crate::model::visitor::SiteVisitor;
use leptos::server;
use server_fn::codec::Json;

/// The visitors of pages that tell of themselves (`data-visitors="live"`), the last seen first.
#[server(prefix = "/api", endpoint = "agent/site-visitors", input = Json, output = Json)]
pub async fn site_visitors() -> Result<Vec<SiteVisitor>, ApiError> {
    let caller = super::Caller::current();
    caller.agent().await?;
    Ok(caller.desk.hub().onsite().list(crate::desk::now()))
}
