//! The server functions: thin. Each reads who calls, asks the desk, answers. Their endpoints are fixed names, so that a
//! page from before an upgrade still finds them; `docs/protocol.md` lists them.

mod agent;
#[cfg(feature = "ssr")]
mod caller;
mod files;
mod onsite;
mod settings;
mod tickets;
mod visitor;

#[cfg(feature = "ssr")]
pub use agent::me_of;
pub use agent::{
    AgentCommand, ChatList, CreateLabel, EarlierChats, ForgetReleased, FoundChat, GetLabels, GetMe, Me, SearchChats,
    SetAvailable, agent_command, chat_list, create_label, earlier_chats, forget_released, labels, me, search_chats,
    set_available,
};
#[cfg(feature = "ssr")]
pub use caller::{Caller, SESSION_COOKIE, bearer_of, cookie_of};
pub use files::{
    AgentFileLinks, AgentUpload, VisitorFileLinks, VisitorUpload, agent_file_links, agent_upload, visitor_file_links,
    visitor_upload,
};
pub use onsite::{SiteVisitors, site_visitors};
pub use settings::{
    AgentForm, GetAgents, GetBlocks, GetDepartments, GetMailQueue, GetSites, LiftBlock, MailQueue, RemoveDepartment,
    RemoveLabel, RemoveSite, RetryMail, SaveAgent, SaveDepartment, SaveLabel, SaveRules, SaveSite, SendTestMail,
    agents, blocks, departments, lift_block, mail_queue, remove_department, remove_label, remove_site, retry_mail,
    save_agent, save_department, save_label, save_rules, save_site, send_test_mail, sites,
};
pub use tickets::{
    ChangeTicket, GetColleagues, GetTicket, TicketCursor, TicketList, TicketQuery, TicketView, colleagues, ticket,
    ticket_command, ticket_list,
};
#[cfg(feature = "ssr")]
pub use visitor::visitor_offer;
pub use visitor::{GetVisitorState, LeaveMessage, VisitorCommand, leave_message, visitor_command, visitor_state};

use crate::model::ids::ChatId;
use serde::{Deserialize, Serialize};

/// A tab of the console's chat list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatTab {
    Waiting,
    Mine,
    AllOpen,
    Ended,
}

/// Where the next page of a list begins: after the row with this time and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageCursor {
    pub updated_at: i64,
    pub id: ChatId,
}
