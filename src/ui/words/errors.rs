//! What went wrong, in the reader's language.

#[cfg(test)]
use super::word;
use super::{fill, say_size, t};
use crate::model::error::{ApiError, Refusal};

/// Why a visitor's command was not carried out.
pub fn say(error: &ApiError) -> String {
    match error {
        ApiError::Refused { refusal } => say_refusal(refusal),
        // The sentences without values are their own keys; what only agents meet stays English.
        error => t(&error.to_string()),
    }
}

/// Why a rule says no.
pub fn say_refusal(refusal: &Refusal) -> String {
    let number = |number: &usize| number.to_string();
    match refusal {
        Refusal::MessageTooLong { chars, max } => fill(
            "This message has {0} characters; {1} are possible. Please shorten it or send it in parts.",
            &[&number(chars), &number(max)],
        ),
        Refusal::InvalidName { max } => fill("Please enter a name of at most {0} characters.", &[&number(max)]),
        Refusal::AcceptedBy { by } => fill("{0} has already accepted this chat.", &[by]),
        Refusal::FileTooLarge { max } => fill("This file is too large: {0} are possible.", &[&say_size(*max)]),
        Refusal::TooManyFiles { max: 1 } => {
            t("A message can have one file. Please send the others with further messages.")
        }
        Refusal::TooManyFiles { max } => {
            fill("A message can have {0} files. Please send the others with a second message.", &[&number(max)])
        }
        Refusal::CommentTooLong { max } => fill("Please shorten your comment to {0} characters.", &[&number(max)]),
        Refusal::FileTypeNotAllowed { name } => fill(
            "{0} cannot be sent, because files of this kind are not allowed. Pictures, PDF, text, office documents without macros, ZIP, audio and video are.",
            &[name],
        ),
        Refusal::TooManyPixels { millions } => {
            fill("This picture has too many pixels. At most {0} million are possible.", &[&number(millions)])
        }
        refusal => t(&refusal.to_string()),
    }
}

/// The sentences that a visitor can meet and that have no values: for those who translate. A test holds them against
/// the errors themselves.
#[cfg(test)]
const SENTENCES: [&str; 33] = [
    word("There is nothing to send yet: write a message first."),
    word("Please enter an email address such as ada@example.com."),
    word("This department does not exist any more. Please choose another one."),
    word("This chat has ended."),
    word("This chat has not started."),
    word("You already have an open chat."),
    word("This is not possible here."),
    word("This command was used before for something else. Please try again."),
    word("This message has more lists, quotes and marks than can be sent. Please simplify it."),
    word("A link must begin with https://, http://, mailto: or tel:."),
    word("A file of this message is not there any more. Please attach it again."),
    word("This file is empty."),
    word("This picture cannot be read. It may be damaged."),
    word("This file did not arrive whole. Please try again."),
    word("This chat has as many files as are possible, or too many that were never sent."),
    word("The connection was too slow for this file. Please try again."),
    word("You cannot chat at the moment."),
    word("No agent is available at the moment. Please leave a message."),
    word("The chat has not ended yet."),
    word("The transcript was sent to this address already."),
    word("The transcript was sent to as many addresses as are possible."),
    word("This was changed too often. It stays as it is."),
    word("Your session has ended. Please log in again."),
    word("This is not allowed here."),
    word("There is no such chat."),
    word("There is no such file."),
    word("This is not there any more."),
    word("That was a lot at once. Please try again in a moment."),
    word("The server cannot store anything at the moment, so nothing was sent. Your text is kept; please try again."),
    word("Something went wrong on the server. Please try again."),
    word("The server cannot be reached at the moment."),
    // With these it closes the live connection, in `live/bye.rs`.
    word("The server did not understand this page. Reload it, please."),
    word("This page is of another version than the server. Reload it, please."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_visitor_can_meet_is_among_the_sentences() {
        let refusals = [
            Refusal::EmptyMessage,
            Refusal::InvalidEmail,
            Refusal::UnknownDepartment,
            Refusal::ChatEnded,
            Refusal::NotStarted,
            Refusal::AlreadyChatting { chat: crate::model::ids::ChatId(1) },
            Refusal::NotAllowed,
            Refusal::CommandReused,
            Refusal::MessageTooRich,
            Refusal::InvalidLink,
            Refusal::UnknownFile,
            Refusal::EmptyFile,
            Refusal::BrokenPicture,
            Refusal::Blocked { until: 0 },
            Refusal::NobodyAvailable,
            Refusal::NotEnded,
            Refusal::TranscriptSent,
            Refusal::TooManyTranscripts,
            Refusal::ChangedTooOften,
        ];
        let errors = [
            ApiError::NotLoggedIn,
            ApiError::NotAllowed,
            ApiError::NoSuchChat,
            ApiError::NoSuchFile,
            ApiError::Gone,
            ApiError::TooMany { retry_after_ms: 1 },
            ApiError::Busy { retry_after_ms: 1 },
            ApiError::NotStored,
            ApiError::Internal,
            ApiError::Unreachable,
        ];
        for said in refusals.iter().map(say_refusal).chain(errors.iter().map(say)) {
            assert!(SENTENCES.contains(&said.as_str()), "{said}");
        }
    }

    #[test]
    fn why_the_server_keeps_a_page_out_is_among_the_sentences() {
        let byes = include_str!("../../live/bye.rs").split("Bye(41").skip(1);
        let reasons: Vec<_> = byes.filter_map(|bye| bye.split('"').nth(1)).collect();
        assert_eq!(reasons.len(), 4);
        for reason in reasons {
            assert!(SENTENCES.contains(&reason), "{reason}");
        }
    }

    #[test]
    fn values_stand_in_the_sentences_as_in_the_errors_themselves() {
        for refusal in [
            Refusal::MessageTooLong { chars: 10_001, max: 10_000 },
            Refusal::InvalidName { max: 100 },
            Refusal::AcceptedBy { by: "Anna".into() },
            Refusal::FileTooLarge { max: 20_000_000 },
            Refusal::TooManyFiles { max: 10 },
            Refusal::TooManyFiles { max: 1 },
            Refusal::CommentTooLong { max: 1_000 },
            Refusal::FileTypeNotAllowed { name: "a.exe".into() },
            Refusal::TooManyPixels { millions: 50 },
        ] {
            assert_eq!(say_refusal(&refusal), refusal.to_string());
        }
    }
}
