//! Who a visitor is, as far as the website has proven it.

use super::{Desk, now};
use crate::model::identity::{Introduction, ProvenIdentity};

impl Desk {
    /// What the website has proven of its visitor. A token that proves nothing locks nobody out, since the visitor cannot
    /// help that their website's token has expired: they are then who they say they are. Operators find the reason in the
    /// log, each once a minute, and all of them in the figures; the token itself is written nowhere.
    pub(super) fn proven(&self, introduction: &Introduction) -> Option<ProvenIdentity> {
        if introduction.token.is_empty() {
            return None;
        }
        let Some(verifier) = &self.inner.identity else {
            self.inner.identity_unset.call_once(|| {
                tracing::warn!(
                    "a website sends identity tokens, which are ignored: FRONTDESK_IDENTITY_SECRET is not set"
                );
            });
            return count("ignored", None);
        };
        match verifier.verify(&introduction.token, now()) {
            Ok(proven) => count("proven", Some(proven)),
            Err(reason) => {
                if self.inner.identity_notes.allows(&reason.to_string()) {
                    tracing::warn!(%reason, "an identity token proves nothing, so a visitor stays unproven");
                }
                count("refused", None)
            }
        }
    }
}

fn count(outcome: &'static str, proven: Option<ProvenIdentity>) -> Option<ProvenIdentity> {
    metrics::counter!("frontdesk_identity_tokens", "outcome" => outcome).increment(1);
    proven
}
