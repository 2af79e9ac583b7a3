//! Files in messages (M6).

use super::error::Refusal;
use super::ids::FileId;
use serde::{Deserialize, Serialize};

/// A stored file as a message mentions it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub id: FileId,
    /// A clean name without folders.
    pub name: String,
    /// What the server found in it, such as `image/png`.
    pub mime: String,
    /// In bytes.
    pub size: u64,
    /// In pixels, as it is shown; only pictures that browsers show have them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

impl Attachment {
    /// Whether it is shown in the conversation as a picture.
    pub fn is_picture(&self) -> bool {
        self.width.is_some() && self.height.is_some()
    }
}

/// Whether a file of this many bytes may be sent, where `max` is the largest: asked by the page before it is sent, and by
/// the server before it comes.
///
/// # Errors
/// [`Refusal::EmptyFile`], [`Refusal::FileTooLarge`].
pub fn check_size(bytes: u64, max: u64) -> Result<(), Refusal> {
    match bytes {
        0 => Err(Refusal::EmptyFile),
        bytes if bytes > max => Err(Refusal::FileTooLarge { max }),
        _ => Ok(()),
    }
}

/// A link to a file, valid for a few minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLink {
    pub id: FileId,
    /// A path on this server.
    pub url: String,
    /// The same, to be saved and not shown.
    pub download: String,
}

/// `1.4 MB`: a size for people, in units of a thousand.
pub fn size_in_words(bytes: u64) -> String {
    let unit = |divisor: u64, name: &str| {
        let tenths = (bytes * 10).div_ceil(divisor);
        if tenths < 100 { format!("{}.{} {name}", tenths / 10, tenths % 10) } else { format!("{} {name}", tenths / 10) }
    };
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => unit(1_000, "kB"),
        1_000_000..1_000_000_000 => unit(1_000_000, "MB"),
        _ => unit(1_000_000_000, "GB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_is_said_with_the_limit() {
        assert_eq!(check_size(20_000_000, 20_000_000), Ok(()));
        assert_eq!(check_size(0, 20_000_000), Err(Refusal::EmptyFile));
        let error = check_size(20_000_001, 20_000_000).unwrap_err().to_string();
        assert_eq!(error, "This file is too large: 20 MB are possible.");
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!(size_in_words(999), "999 B");
        assert_eq!(size_in_words(1_000), "1.0 kB");
        assert_eq!(size_in_words(45_200), "45 kB");
        assert_eq!(size_in_words(20_000_000), "20 MB");
        assert_eq!(size_in_words(1_350_000), "1.4 MB");
    }
}
