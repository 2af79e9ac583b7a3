//! What a website says of its visitor along with what the visitor does: who that is, perhaps with a proof.

use super::custom_data::CustomData;
use super::visitor::Email;
use serde::{Deserialize, Serialize};

/// Longest accepted identity token, in bytes.
pub const MAX_IDENTITY_TOKEN_BYTES: usize = 4_096;
/// Longest accepted subject of an identity token, in characters.
pub const MAX_SUBJECT_CHARS: usize = 255;

/// What the page around the widget says of its visitor. It comes through the visitor's own browser, so it is no more than
/// the visitor's word, but for what is signed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Introduction {
    /// A signed identity, a JSON Web Token; empty when there is none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub token: String,
    /// What else it tells of them, for agents to read.
    #[serde(skip_serializing_if = "CustomData::is_empty")]
    pub data: CustomData,
    /// The key of the site that it is; empty, or unknown, for the one that all others are.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub site: String,
}

/// Who the visitor is, by the signature of the website's own server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvenIdentity {
    /// What the website itself calls them, such as the number of a customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}
