//! Tickets (M7): the list, and one ticket with all that happened to it.

mod answer;
mod attempt;
mod choice;
mod entry;
mod fold;
mod list;
mod open_ticket;
mod page;
pub mod prefill;
mod rows;
mod side;
mod table;

pub use attempt::{Attempt, forget};
pub use choice::{Choice, departments};
pub use list::TicketsPage;
pub use page::TicketPage;
