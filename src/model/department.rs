//! Departments: what a visitor picks, and what agents belong to.

use super::ids::DepartmentId;
use serde::{Deserialize, Serialize};

/// A department as mentioned in a chat or offered to a visitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepartmentRef {
    pub id: DepartmentId,
    pub name: String,
}

/// Longest accepted name of a department, in characters.
pub const MAX_NAME_CHARS: usize = 60;
