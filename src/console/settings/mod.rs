//! The settings, for admins: agents, departments, sites, labels, blocks, chat rules, and how mails go out. Everybody has
//! a page of their own there.

mod agents;
mod blocks;
mod confirm;
mod departments;
mod form;
mod labels;
mod mail;
mod photo;
mod profile;
mod rules;
mod sites;
mod test_mail;
mod when;

use super::desk::Desk;
use super::table::Table;
use crate::model::agent::Role;
use crate::ui::browser::focus;
use crate::ui::icon::{Icon, Shape};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

/// A page of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Page {
    Agents,
    Departments,
    Sites,
    Labels,
    Blocks,
    Rules,
    Mail,
    /// Of the agent who is logged in; the only one that is not for admins alone.
    Profile,
}

const PAGES: [(Page, &str, &str, Shape); 8] = [
    (Page::Agents, "agents", "Agents", Shape::TEAM),
    (Page::Departments, "departments", "Departments", Shape::BUILDING),
    (Page::Sites, "sites", "Sites", Shape::PAGE),
    (Page::Labels, "labels", "Labels", Shape::TAG),
    (Page::Blocks, "blocks", "Blocks", Shape::BLOCK),
    (Page::Rules, "rules", "Chat rules", Shape::SLIDERS),
    (Page::Mail, "mail", "Mail", Shape::MAIL),
    (Page::Profile, "profile", "Profile", Shape::PERSON),
];

impl Page {
    /// The page with this last part of the address; without one, the first.
    fn of(part: &str) -> Option<Self> {
        match part {
            "" => Some(Page::Agents),
            part => PAGES.iter().find(|(_, word, ..)| *word == part).map(|(page, ..)| *page),
        }
    }
}

/// The settings. `page` is the last part of the address `/console/settings/…`, or empty.
#[component]
pub fn SettingsPage(desk: Desk, page: Memo<String>) -> impl IntoView {
    let is_admin = Memo::new(move |_| desk.me.with(|me| me.role == Role::Admin));
    let shown = Memo::new(move |_| page.with(|page| Page::of(page)));
    move || {
        if is_admin.get() {
            view! {
                <Navigation shown=shown is_admin=true />
                {move || match shown.get() {
                    Some(Page::Agents) => view! { <agents::Agents desk=desk /> }.into_any(),
                    Some(Page::Departments) => view! { <departments::Departments desk=desk /> }.into_any(),
                    Some(Page::Sites) => view! { <sites::Sites desk=desk /> }.into_any(),
                    Some(Page::Labels) => view! { <labels::Labels desk=desk /> }.into_any(),
                    Some(Page::Blocks) => view! { <blocks::Blocks desk=desk /> }.into_any(),
                    Some(Page::Rules) => view! { <rules::ChatRules desk=desk /> }.into_any(),
                    Some(Page::Mail) => view! { <mail::Mail desk=desk /> }.into_any(),
                    Some(Page::Profile) => view! { <profile::Profile desk=desk /> }.into_any(),
                    None => view! { <Nothing /> }.into_any(),
                }}
            }
            .into_any()
        } else if shown.get() == Some(Page::Profile) {
            view! {
                <Navigation shown=shown is_admin=false />
                <profile::Profile desk=desk />
            }
            .into_any()
        } else {
            view! { <AdminsOnly /> }.into_any()
        }
    }
}

#[component]
fn Navigation(shown: Memo<Option<Page>>, is_admin: bool) -> impl IntoView {
    // On a phone the links stand in one line that scrolls sideways: the present one is brought into view.
    Effect::new(move |_| {
        let word = PAGES.iter().find(|(page, ..)| Some(*page) == shown.get()).map(|(_, word, ..)| *word);
        let link = word.and_then(|word| document().get_element_by_id(&link_id(word)));
        if let Some(link) = link {
            let place = ScrollIntoViewOptions::new();
            place.set_block(ScrollLogicalPosition::Nearest);
            place.set_inline(ScrollLogicalPosition::Center);
            link.scroll_into_view_with_scroll_into_view_options(&place);
        }
    });
    let links = PAGES
        .into_iter()
        .filter(|(page, ..)| is_admin || *page == Page::Profile)
        .map(|(page, word, name, shape)| {
            view! {
                <li>
                    <a
                        class="subnav__link"
                        id=link_id(word)
                        href=format!("/console/settings/{word}")
                        aria-current=move || (shown.get() == Some(page)).then_some("page")
                    >
                        <Icon shape=shape />
                        {name}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="subnav" aria-label="Settings">
            <p class="subnav__title" aria-hidden="true">"Settings"</p>
            <ul class="subnav__links">{links}</ul>
        </nav>
    }
}

fn link_id(word: &str) -> String {
    format!("settings-{word}")
}

/// The head of a page: its name, what it is for, and what can be added.
#[component]
fn Head(
    title: &'static str,
    text: &'static str,
    /// The button at the right: its name, and what it does.
    #[prop(optional)]
    add: Option<(&'static str, Callback<()>)>,
) -> impl IntoView {
    let add = add.map(|(name, on_add)| {
        view! {
            <button class="btn btn--primary" type="button" on:click=move |_| on_add.run(())>
                <Icon shape=Shape::PLUS />
                {name}
            </button>
        }
    });
    view! {
        <header class="page__head">
            <div>
                <h1 class="page__title" id="page-title">{title}</h1>
                <p class="page__text">{text}</p>
            </div>
            {add}
        </header>
    }
}

/// A table of what an admin sets: these columns, and one for what can be done. Its children are rows.
#[component]
fn TableBox(label: &'static str, columns: &'static [&'static str], children: Children) -> impl IntoView {
    view! {
        <div class="box">
            <Table label=label columns=columns actions=true>{children()}</Table>
        </div>
    }
}

/// In place of a list without rows.
#[component]
fn Empty(shape: Shape, #[prop(into)] title: String, #[prop(into)] text: String) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty__icon" aria-hidden="true"><Icon shape=shape /></span>
            <h2 class="empty__title">{title}</h2>
            <p class="empty__text">{text}</p>
        </div>
    }
}

/// Puts the focus on the page, once what had it is gone.
fn to_main() {
    spawn_local(async {
        TimeoutFuture::new(0).await;
        focus("main");
    });
}

/// For agents who are no admins. The server refuses them as well.
#[component]
fn AdminsOnly() -> impl IntoView {
    view! {
        <div class="subnav" aria-hidden="true">
            <p class="subnav__title">"Settings"</p>
        </div>
        <section class="page" aria-labelledby="page-title">
            <header class="page__head">
                <h1 class="visually-hidden" id="page-title">"Settings"</h1>
            </header>
            <Empty
                shape=Shape::SLIDERS
                title="Settings are for admins"
                text="Please ask an admin of your team when something should be changed here."
            />
        </section>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <section class="page" aria-labelledby="page-title">
            <header class="page__head">
                <h1 class="page__title" id="page-title">"There is nothing here"</h1>
            </header>
            <p class="page__text"><a href="/console/settings/agents">"To the agents"</a></p>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_page() {
        assert_eq!(Page::of(""), Some(Page::Agents));
        assert_eq!(Page::of("mail"), Some(Page::Mail));
        assert_eq!(Page::of("profile"), Some(Page::Profile));
        assert_eq!(Page::of("unknown"), None);
    }
}
