//! How much is taken.

/// Pixels of a picture, or of one frame of it. The largest photo that telephones take by default has fewer.
pub const MAX_PIXELS: u64 = 50_000_000;

/// Characters of a file's name, its extension included.
pub const MAX_NAME_CHARS: usize = 120;
