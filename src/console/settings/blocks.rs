//! Who is kept out, and who was (M12).

use super::when::{When, day_and_clock};
use super::{Empty, Head, to_main};
use crate::api::{blocks, lift_block};
use crate::console::desk::Desk;
use crate::console::fetch::{FetchState, Pages, ShowMore};
use crate::model::block::Block;
use crate::model::error::ApiError;
use crate::model::ids::BlockId;
use crate::ui::browser::{command_id, now};
use crate::ui::icon::Shape;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Blocks that are looked through, at most, for those that still hold.
const MOST_RECENT: usize = 1_000;

/// The first pages, until all that may still hold are in them: every block lasts equally long.
async fn recent() -> Result<Vec<Block>, ApiError> {
    let mut found = blocks(None).await?;
    while found.len() < MOST_RECENT {
        let Some(last) = found.last().filter(|last| last.until > now()) else { break };
        let page = blocks(Some(last.id)).await?;
        if page.is_empty() {
            break;
        }
        found.extend(page);
    }
    Ok(found)
}

/// The blocks.
#[component]
pub fn Blocks(desk: Desk) -> impl IntoView {
    let pages = Pages::<Block>::new(desk);
    let data = pages.rows.data;
    let lifting = RwSignal::new(None::<BlockId>);
    let load = Callback::new(move |()| pages.run(recent()));
    Effect::new(move |_| load.run(()));
    let on_more = Callback::new(move |()| {
        let before = data.with_untracked(|rows| rows.as_ref().and_then(|rows| rows.last()).map(|last| last.id));
        pages.add(blocks(before));
    });
    let on_lift = Callback::new(move |id: BlockId| {
        if lifting.get_untracked().is_none() {
            lifting.set(Some(id));
            lift(desk, pages, lifting, id);
        }
    });
    let of = move |active: bool| {
        Memo::new(move |_| {
            let now = desk.clock.get();
            data.with(|rows| {
                rows.iter().flatten().filter(|row| row.is_active(now) == active).cloned().collect::<Vec<_>>()
            })
        })
    };
    let (current, earlier) = (of(true), of(false));
    let is_here = Memo::new(move |_| data.with(Option::is_some));
    let top = move || {
        is_here.get().then(|| match current.with(Vec::is_empty) {
            true => {
                let text = "Visitors and addresses that an agent blocks are listed here.";
                view! { <Empty shape=Shape::BLOCK title="Nobody is blocked" text=text /> }.into_any()
            }
            false => view! { <Current blocks=current lifting=lifting on_lift=on_lift /> }.into_any(),
        })
    };
    view! {
        <section class="page" aria-labelledby="page-title">
            <Head title="Blocks" text="A block lasts 24 hours and is set from a chat, under “Block user”." />
            <FetchState fetch=pages.rows what="blocks" on_retry=load />
            {top}
            <Show when=move || !earlier.with(Vec::is_empty)>
                <section class="page__part" aria-labelledby="earlier">
                    <h2 class="page__title" id="earlier">"Earlier blocks"</h2>
                    <Earlier blocks=earlier />
                    <ShowMore pages=pages on_more=on_more />
                </section>
            </Show>
        </section>
    }
}

fn lift(desk: Desk, pages: Pages<Block>, lifting: RwSignal<Option<BlockId>>, id: BlockId) {
    spawn_local(async move {
        match lift_block(id, command_id()).await {
            Ok(()) => {
                let lifted = Some((desk.me.with_untracked(|me| me.to_ref()), now()));
                pages.rows.data.update(|rows| {
                    if let Some(block) = rows.iter_mut().flatten().find(|block| block.id == id) {
                        block.lifted = lifted;
                    }
                });
                if !lifting.is_disposed() {
                    to_main();
                }
            }
            Err(error) => desk.fail(error),
        }
        lifting.set(None);
    });
}

/// Who is blocked, as the tables name them.
fn who(block: &Block) -> String {
    match (block.name.trim(), &block.address) {
        ("", Some(address)) => address.clone(),
        ("", None) => "A visitor".into(),
        (name, _) => name.to_owned(),
    }
}

/// The cells that both tables begin with: who, why, and by whom.
#[component]
fn First(block: Block) -> impl IntoView {
    let who = who(&block);
    let address = block.address.filter(|address| *address != who);
    view! {
        <td role="cell">
            <span class="table__title table__title--all">{who}</span>
            <span class="table__sub">
                <a href=format!("/console/chats/{}", block.chat)>{format!("Chat #{}", block.chat)}</a>
                {address.map(|address| view! { <span>{address}</span> })}
            </span>
        </td>
        <td role="cell" dir="auto">{block.reason}</td>
        <td role="cell" data-name="By">{block.by.name}", "<When at=block.at /></td>
    }
}

#[component]
fn Current(blocks: Memo<Vec<Block>>, lifting: RwSignal<Option<BlockId>>, on_lift: Callback<BlockId>) -> impl IntoView {
    let row = move |block: Block| {
        let (id, until) = (block.id, block.until);
        let label = format!("Lift the block of {}", who(&block));
        view! {
            <tr role="row">
                <First block=block />
                <td role="cell" data-name="Until"><When at=until /></td>
                <td role="cell" class="table__acts">
                    <button
                        class="btn btn--line btn--sm"
                        type="button"
                        aria-label=label
                        aria-disabled=move || lifting.get().map(|_| "true")
                        on:click=move |_| on_lift.run(id)
                    >
                        "Lift"
                    </button>
                </td>
            </tr>
        }
    };
    view! {
        <div class="box">
            <table class="table" role="table" aria-label="Current blocks">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">"Who"</th>
                        <th role="columnheader" scope="col">"Reason"</th>
                        <th role="columnheader" scope="col">"Blocked"</th>
                        <th role="columnheader" scope="col">"Until"</th>
                        <th role="columnheader" scope="col" class="table__acts">
                            <span class="visually-hidden">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    <For each=move || blocks.get() key=|block| block.id children=row />
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Earlier(blocks: Memo<Vec<Block>>) -> impl IntoView {
    let row = |block: Block| {
        let ended = match &block.lifted {
            Some((by, at)) => format!("Lifted by {}, {}", by.name, day_and_clock(*at)),
            None => format!("Expired {}", day_and_clock(block.until)),
        };
        view! {
            <tr role="row">
                <First block=block />
                <td role="cell">{ended}</td>
            </tr>
        }
    };
    view! {
        <div class="box">
            <table class="table" role="table" aria-label="Earlier blocks">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">"Who"</th>
                        <th role="columnheader" scope="col">"Reason"</th>
                        <th role="columnheader" scope="col">"Blocked"</th>
                        <th role="columnheader" scope="col">"Ended"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    <For each=move || blocks.get() key=|block| block.id children=row />
                </tbody>
            </table>
        </div>
    }
}
