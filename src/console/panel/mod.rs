//! What is known of a chat: details (M10), the visitor (M11), and the way to block them (M12).

mod block;
mod details;
mod visitor;

use super::desk::{Desk, Open};
use crate::ui::icon::{Icon, Shape};
use crate::ui::tabs::TabList;
use block::BlockUser;
use details::Details;
use leptos::prelude::*;
use visitor::VisitorInformation;

#[derive(Clone, Copy, PartialEq, Eq)]
enum PanelTab {
    Details,
    Visitor,
    Block,
}

const TABS: [(PanelTab, &str); 3] =
    [(PanelTab::Details, "Details"), (PanelTab::Visitor, "Visitor information"), (PanelTab::Block, "Block user")];

/// The panel beside the conversation.
#[component]
pub fn Panel(desk: Desk, open: Open, panel: RwSignal<bool>) -> impl IntoView {
    let tab = RwSignal::new(PanelTab::Details);
    let labelled_by = move || {
        let at = TABS.iter().position(|(this, _)| *this == tab.get()).unwrap_or(0);
        format!("panel-tab-{at}")
    };
    view! {
        <aside class="col panel" id="panel" aria-label="About this chat">
            <div class="panel__head">
                <button
                    class="ibtn narrow-only panel__close"
                    type="button"
                    aria-label="Close details"
                    on:click=move |_| panel.set(false)
                >
                    <Icon shape=Shape::CLOSE />
                </button>
                <TabList tabs=&TABS selected=tab label="About this chat" id="panel-tab" controls="panel-body" />
            </div>
            <div class="panel__body" id="panel-body" role="tabpanel" aria-labelledby=labelled_by tabindex="0">
                {move || match tab.get() {
                    PanelTab::Details => view! { <Details desk=desk open=open panel=panel /> }.into_any(),
                    PanelTab::Visitor => view! { <VisitorInformation desk=desk open=open /> }.into_any(),
                    PanelTab::Block => view! { <BlockUser desk=desk open=open /> }.into_any(),
                }}
            </div>
        </aside>
    }
}
