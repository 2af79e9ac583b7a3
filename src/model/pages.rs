//! How much comes at one time: a page with fewer is the last one.

/// Chats in one page of a list.
pub const CHATS_PER_PAGE: u32 = 50;
/// Chats in one page of a search.
pub const FOUND_PER_PAGE: u32 = 30;
/// Tickets in one page of a list.
pub const TICKETS_PER_PAGE: u32 = 50;

/// Blocks or mails in one page of the settings.
pub const SETTINGS_PER_PAGE: u32 = 50;

/// Whether a page of this many is the last one.
pub fn is_last(len: usize, per_page: u32) -> bool {
    len < per_page as usize
}
