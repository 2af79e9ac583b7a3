//! How much is taken.

use super::error::Rejected;

/// Pixels of a picture, or of one frame of it. The largest photo that telephones take by default has fewer.
pub const MAX_PIXELS: u64 = 50_000_000;

/// Characters of a file's name, its extension included.
pub const MAX_NAME_CHARS: usize = 120;

/// What an installation can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file.
    pub max_bytes: u64,
    /// Files in one message.
    pub max_per_message: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { max_bytes: 20_000_000, max_per_message: 10 }
    }
}

impl Limits {
    /// Whether a file of this many bytes is taken. Asked for the size that is announced, and again for what came.
    ///
    /// # Errors
    /// [`Rejected::Empty`] and [`Rejected::TooLarge`].
    pub fn check_bytes(&self, bytes: u64) -> Result<(), Rejected> {
        match bytes {
            0 => Err(Rejected::Empty),
            bytes if bytes > self.max_bytes => Err(Rejected::TooLarge { max_bytes: self.max_bytes }),
            _ => Ok(()),
        }
    }

    /// Whether a message may have this many files.
    ///
    /// # Errors
    /// [`Rejected::TooMany`].
    pub fn check_count(&self, files: usize) -> Result<(), Rejected> {
        if files > self.max_per_message { Err(Rejected::TooMany { max: self.max_per_message }) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_is_said_with_the_limit() {
        let limits = Limits::default();
        assert_eq!(limits.check_bytes(20_000_000), Ok(()));
        assert_eq!(limits.check_bytes(0), Err(Rejected::Empty));
        let error = limits.check_bytes(20_000_001).unwrap_err().to_string();
        assert_eq!(error, "This file is too large. At most 20 MB are possible.");
        assert_eq!(limits.check_count(10), Ok(()));
        assert_eq!(limits.check_count(11).unwrap_err().to_string(), "At most 10 files fit into one message.");
    }
}
