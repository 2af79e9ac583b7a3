//! Blocks (M12): who is kept out now. Asked for every command, socket and upload, so it is kept in memory; the database
//! is where it is kept for good.

use super::{Desk, now, unreadable};
use crate::model::Millis;
use crate::model::agent::Agent;
use crate::model::block::{Block, address_key};
use crate::model::chat::Command;
use crate::model::error::ApiError;
use crate::model::ids::{BlockId, CommandId, VisitorId};
use crate::model::pages::SETTINGS_PER_PAGE;
use crate::store::StoreError;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::Mutex;

/// How often the chats of those who are kept out are looked for: one that is accepted or given back meanwhile is found
/// again.
const LOOKS: u32 = 3;
/// A change that could not take effect yet is tried again after this time.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Until when visitors and addresses are kept out.
#[derive(Default)]
pub struct BlockBook {
    entries: RwLock<(HashMap<VisitorId, Millis>, HashMap<String, Millis>)>,
    /// Read and set by one at a time: an older list must not replace a newer one.
    refreshing: Mutex<()>,
}

impl BlockBook {
    fn set(&self, blocks: &[Block]) {
        let mut visitors: HashMap<VisitorId, Millis> = HashMap::new();
        let mut addresses: HashMap<String, Millis> = HashMap::new();
        for block in blocks {
            let until = visitors.entry(block.visitor).or_default();
            *until = block.until.max(*until);
            if let Some(address) = &block.address {
                let until = addresses.entry(address.clone()).or_default();
                *until = block.until.max(*until);
            }
        }
        *self.entries.write().unwrap_or_else(PoisonError::into_inner) = (visitors, addresses);
    }

    fn until(&self, visitor: Option<VisitorId>, address: &str) -> Millis {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        let (visitors, addresses) = &*entries;
        let own = visitor.and_then(|visitor| visitors.get(&visitor)).copied().unwrap_or(0);
        if addresses.is_empty() {
            return own;
        }
        let shared = address_key(address).and_then(|key| addresses.get(&key).copied()).unwrap_or(0);
        own.max(shared)
    }
}

impl Desk {
    /// Until when this visitor, or everybody at this address, is kept out.
    pub fn blocked_until(&self, visitor: Option<VisitorId>, address: &str) -> Option<Millis> {
        Some(self.inner.blocks.until(visitor, address)).filter(|until| *until > now())
    }

    /// Reads anew who is kept out, and lets every visitor's connection look whether that is its own.
    ///
    /// # Errors
    /// When that cannot be read.
    pub async fn refresh_blocks(&self) -> Result<(), StoreError> {
        let _turn = self.inner.blocks.refreshing.lock().await;
        let blocks = self.store().active_blocks(now()).await?;
        self.inner.blocks.set(&blocks);
        self.hub().standing_changed();
        Ok(())
    }

    /// Lets a change of the blocks take effect: nobody who is kept out slips through from here on, and what they had open
    /// ends.
    pub(super) async fn keep_out(&self) -> Result<(), ApiError> {
        self.refresh_blocks().await.map_err(unreadable)?;
        self.end_blocked_chats().await
    }

    /// The same as often as it takes. Whoever gave the command may have hung up, or was told that nobody knows yet: what is
    /// committed takes effect all the same.
    pub(super) async fn surely_keep_out(self) {
        while let Err(error) = self.keep_out().await {
            tracing::warn!(%error, "a change of the blocks has not taken effect yet");
            tokio::time::sleep(TRY_AGAIN_AFTER).await;
        }
    }

    /// Ends the live chats of those who are kept out now: others at a blocked address, too. Their agents would wait in vain.
    /// Called at the start, too, for a server that stopped right after it had committed a block.
    pub(super) async fn end_blocked_chats(&self) -> Result<(), ApiError> {
        let blocks = self.store().active_blocks(now()).await.map_err(unreadable)?;
        // One that somebody accepts at this moment cannot be ended in another's name: it is looked at again.
        for _ in 0..LOOKS {
            let mut found = false;
            for (id, visitor, address) in self.store().live_visitors().await.map_err(unreadable)? {
                let key = address_key(&address);
                let keeps_out =
                    |block: &&Block| block.visitor == visitor || block.address.is_some() && block.address == key;
                let Some(block) = blocks.iter().find(keeps_out) else { continue };
                let Some(chat) = self.store().chat(id).await.map_err(unreadable)? else { continue };
                self.end_as(chat.agent.unwrap_or_else(|| block.by.clone()), id).await?;
                found = true;
            }
            if !found {
                break;
            }
        }
        Ok(())
    }

    /// A page of blocks, latest first.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when they cannot be read.
    pub async fn blocks(&self, before: Option<BlockId>) -> Result<Vec<Block>, ApiError> {
        self.store().blocks(before, SETTINGS_PER_PAGE).await.map_err(unreadable)
    }

    /// Lifts a block; the chat keeps a line of it.
    ///
    /// # Errors
    /// [`ApiError::Gone`] when there is no such block.
    pub async fn lift_block(&self, admin: &Agent, block: BlockId, id: CommandId) -> Result<(), ApiError> {
        let block = self.store().block(block).await.map_err(unreadable)?.ok_or(ApiError::Gone)?;
        self.agent_command(admin, block.chat, id, Command::LiftBlock).await.map(drop)
    }
}
