//! Who the visitor is and how they came (M11). All but the address, and what their website has signed, is their word.

use super::super::desk::{Desk, Open};
use crate::api::earlier_chats;
use crate::model::Millis;
use crate::model::chat::{ChatRow, EntryKind, Status};
use crate::model::user_agent;
use crate::model::visitor::{Landing, PageView, Visit, VisitorCard};
use crate::ui::icon::{Icon, Shape};
use crate::ui::time;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn VisitorInformation(desk: Desk, open: Open) -> impl IntoView {
    let followed = open.followed;
    let visitor = Memo::new(move |_| followed.chat.with(|chat| chat.visitor.clone()));
    let site = Memo::new(move |_| followed.chat.with(|chat| chat.site.clone()));
    let pages = Memo::new(move |_| {
        let visit = followed.visit.with(|visit| visit.as_ref().map(|(_, visit)| visit.clone()).unwrap_or_default());
        let during = followed.lines.with(|lines| {
            lines
                .iter()
                .filter_map(|line| {
                    line.entry.with_untracked(|entry| match &entry.kind {
                        EntryKind::PageViewed { page } => Some((entry.at, page.clone())),
                        _ => None,
                    })
                })
                .collect::<Vec<_>>()
        });
        all_pages(visit, during)
    });
    let facts = move || {
        let (connection, visit) = followed.visit.get().unwrap_or_default();
        let words = user_agent::in_words(&connection.user_agent);
        view! {
            {words.map(|words| view! { <div><dt>"Browser"</dt><dd>{words}</dd></div> })}
            <div><dt>"IP address"</dt><dd>{or_unknown(&connection.ip)}</dd></div>
            <div><dt>"User agent"</dt><dd><code>{or_unknown(&connection.user_agent)}</code></dd></div>
            {(!visit.language.is_empty())
                .then(|| view! { <div><dt>"Language"</dt><dd>{time::language_name(&visit.language)}</dd></div> })}
            {(!visit.time_zone.is_empty())
                .then(|| {
                    let zone = visit.time_zone.clone();
                    let there = move || time::clock_in(&zone, desk.clock.get()).map(|clock| format!("{clock} there"));
                    view! {
                        <div>
                            <dt>"Time zone"</dt>
                            <dd>{visit.time_zone.clone()}<small>{there}</small></dd>
                        </div>
                    }
                })}
        }
    };
    let came = move || {
        let visit = followed.visit.with(|visit| visit.as_ref().map(|(_, visit)| visit.clone()).unwrap_or_default());
        let current = pages.with(|pages| pages.last().map(|page| page.url.clone()).unwrap_or_default());
        // Of a long visit the first pages are not kept: from where the visitor came is not known then.
        let landing = visit.session.as_ref().map(|landing| landing.url.as_str());
        let first = visit.pages.first().filter(|first| landing.is_none_or(|url| url == first.url));
        let referrer = first.map(|page| page.referrer.clone()).unwrap_or_default();
        view! {
            <div><dt>"Current page"</dt><dd>{address(&current)}</dd></div>
            <div><dt>"Referrer"</dt><dd>{if referrer.is_empty() { "None".into_any() } else { address(&referrer) }}</dd></div>
            <div><dt>"Session start"</dt><dd>{at(visit.session.as_ref())}</dd></div>
            <div><dt>"Session landing page"</dt><dd>{page(visit.session.as_ref())}</dd></div>
            <div><dt>"Initial visit"</dt><dd>{at(visit.first.as_ref())}</dd></div>
            <div><dt>"Initial landing page"</dt><dd>{page(visit.first.as_ref())}</dd></div>
        }
    };
    view! {
        {move || visitor.get().as_ref().map(standing)}
        <dl class="facts facts--row">
            {move || visitor.get().map(who)}
            {move || site.get().map(|site| view! { <div><dt>"Site"</dt><dd>{site.name}</dd></div> })}
            {facts}
        </dl>
        <Told open=open />
        <Pages desk=desk open=open pages=pages />
        <EarlierChats open=open />
        <section class="group" aria-labelledby="v-visit">
            <h2 class="group__title" id="v-visit">"How the visitor came"</h2>
            <dl class="facts">{came}</dl>
        </section>
    }
}

/// How sure it is who the visitor is.
fn standing(visitor: &VisitorCard) -> AnyView {
    let warning = visitor.has_unproven_email().then(|| {
        view! {
            <p class="alert alert--warn">
                <Icon shape=Shape::SHIELD />
                <span>"This email was typed, not proven. Do not discuss sensitive data."</span>
            </p>
        }
    });
    let verified = visitor.proven.is_some().then(|| {
        view! {
            <p class="alert alert--good">
                <Icon shape=Shape::SHIELD />
                <span>"Verified: your website has signed who this is."</span>
            </p>
        }
    });
    view! { {verified} {warning} }.into_any()
}

/// What the website tells of its visitor. It came through the visitor's browser, so it may be made up.
#[component]
fn Told(open: Open) -> impl IntoView {
    let data = Memo::new(move |_| open.followed.chat.with(|chat| chat.data.clone()));
    move || {
        let data = data.get();
        let values = data
            .iter()
            .map(|(key, value)| view! { <div><dt dir="auto">{key.to_owned()}</dt><dd dir="auto">{value.to_owned()}</dd></div> })
            .collect_view();
        (!data.is_empty()).then(|| {
            view! {
                <section class="group" aria-labelledby="v-told">
                    <h2 class="group__title" id="v-told">"From your website"</h2>
                    <dl class="facts facts--row">{values}</dl>
                </section>
            }
        })
    }
}

/// What the visitor is known by.
fn who(visitor: VisitorCard) -> AnyView {
    let subject = visitor.proven.and_then(|proven| proven.subject);
    view! {
        {visitor.email.map(|email| view! { <div><dt>"Email"</dt><dd>{email.as_str().to_owned()}</dd></div> })}
        {subject.map(|subject| view! { <div><dt>"User ID"</dt><dd>{subject}</dd></div> })}
    }
    .into_any()
}

/// The pages of the visit, oldest first: those from before the chat and those during it, which begin with the page on
/// which it was started.
///
/// They carry the visitor's times, as only these tell how long somebody stayed: the server hears of pages later, and of
/// those before the chat all at once. A clock that is seen to be ahead, because pages come from the future, is set right.
fn all_pages(visit: Visit, during: Vec<(Millis, PageView)>) -> Vec<PageView> {
    let ahead = during.iter().map(|(heard, page)| page.at.saturating_sub(*heard)).max().unwrap_or_default().max(0);
    let mut pages = visit.pages;
    let mut during = during.into_iter().map(|(heard, page)| match page.at {
        // From a browser that does not tell.
        0 => PageView { at: heard.saturating_add(ahead), ..page },
        _ => page,
    });
    if let Some(first) = during.next()
        && pages.last().is_none_or(|last| last.url != first.url)
    {
        pages.push(first);
    }
    pages.extend(during);
    pages.iter_mut().for_each(|page| page.at = page.at.saturating_sub(ahead));
    pages
}

/// The pages of this visit, the latest first, with the time spent on each.
#[component]
fn Pages(desk: Desk, open: Open, pages: Memo<Vec<PageView>>) -> impl IntoView {
    let live = Memo::new(move |_| open.followed.chat.with(|chat| chat.status.is_live()));
    let items = move || {
        let pages = pages.get();
        let last = pages.len().saturating_sub(1);
        let next: Vec<Option<Millis>> = (0..pages.len()).map(|i| pages.get(i + 1).map(|page| page.at)).collect();
        let mut items: Vec<AnyView> = pages
            .into_iter()
            .zip(next)
            .enumerate()
            .map(|(i, (page, next))| {
                let now = i == last && live.get();
                let began = page.at;
                let spent = move || match next {
                    Some(next) => time::duration(next.saturating_sub(began).max(0)),
                    None if now => format!("Now, {}", time::duration(desk.clock.get().saturating_sub(began).max(0))),
                    None => String::new(),
                };
                let title = if page.title.is_empty() { bare(&page.url) } else { page.title.clone() };
                view! {
                    <li class=if now { "visit visit--now" } else { "visit" }>
                        <a
                            class="visit__title"
                            href=page.url.clone()
                            target="_blank"
                            rel="noopener noreferrer nofollow"
                        >
                            {title}
                        </a>
                        <span class="visit__addr">{bare(&page.url)}</span>
                        <span class="visit__for">{spent}</span>
                        <span class="visit__at">
                            <time datetime=time::iso(began)>{time::clock(began)}</time>
                        </span>
                    </li>
                }
                .into_any()
            })
            .collect();
        items.reverse();
        items
    };
    view! {
        <section class="group" aria-labelledby="v-pages">
            <h2 class="group__title" id="v-pages">"Pages of this visit"</h2>
            <ol class="visits" aria-label="Pages of this visit">{items}</ol>
            <Show when=move || pages.with(Vec::is_empty)>
                <p class="group__empty">"No page is known."</p>
            </Show>
        </section>
    }
}

/// The chats that this visitor had before.
#[component]
fn EarlierChats(open: Open) -> impl IntoView {
    let rows = RwSignal::new(None::<Vec<ChatRow>>);
    let chat = open.followed.id;
    Effect::new(move |_| {
        spawn_local(async move {
            // Should it fail, the section says that nothing is known; the next look asks again.
            rows.set(Some(earlier_chats(chat).await.unwrap_or_default()));
        });
    });
    let items = move || {
        rows.get()
            .unwrap_or_default()
            .into_iter()
            .map(|row| {
                let text = row.last_message.as_ref().map(|message| message.text.clone()).unwrap_or_default();
                let agent = row.agent.as_ref().map(|agent| format!(" · {}", agent.name)).unwrap_or_default();
                let state = if row.status == Status::Ended { "" } else { " · open" };
                let meta = format!("#{} · {}{agent}{state}", row.id, time::moment(row.started_at));
                view! {
                    <li>
                        <a class="sent__item" href=format!("/console/chats/{}", row.id)>
                            <span class="sent__text">{text}</span>
                            <span class="sent__meta">{meta}</span>
                        </a>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <section class="group" aria-labelledby="v-chats">
            <h2 class="group__title" id="v-chats">"Earlier chats"</h2>
            <ul class="sent" aria-label="Earlier chats">{items}</ul>
            <Show when=move || rows.with(|rows| rows.as_ref().is_some_and(Vec::is_empty))>
                <p class="group__empty">"This is the visitor's first chat."</p>
            </Show>
        </section>
    }
}

fn or_unknown(text: &str) -> String {
    if text.is_empty() { "Not known".to_owned() } else { text.to_owned() }
}

fn at(landing: Option<&Landing>) -> String {
    landing.map_or_else(|| "Not known".into(), |landing| time::full(landing.at))
}

fn page(landing: Option<&Landing>) -> AnyView {
    address(landing.map_or("", |landing| landing.url.as_str()))
}

/// An address without its scheme.
fn bare(url: &str) -> String {
    url.split_once("://").map_or(url, |(_, rest)| rest).to_owned()
}

fn address(url: &str) -> AnyView {
    if url.is_empty() {
        return "Not known".into_any();
    }
    view! { <a href=url.to_owned() target="_blank" rel="noopener noreferrer nofollow">{bare(url)}</a> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(name: &str, at: Millis) -> PageView {
        PageView { at, url: format!("https://shop.example/{name}"), ..PageView::default() }
    }

    #[test]
    fn the_page_on_which_the_chat_began_is_one_page() {
        let visit = Visit { pages: vec![page("", 1_000), page("a", 2_000)], ..Visit::default() };
        let during = vec![(9_000, page("a", 2_000)), (11_000, page("b", 10_000)), (13_000, page("b", 12_000))];
        let seen: Vec<PageView> = all_pages(visit, during);
        assert_eq!(seen, [page("", 1_000), page("a", 2_000), page("b", 10_000), page("b", 12_000)]);
        assert_eq!(all_pages(Visit::default(), vec![(9_000, page("", 1_000))]).len(), 1);
    }

    #[test]
    fn a_clock_that_is_ahead_changes_no_time_spent() {
        let visit = Visit { pages: vec![page("a", 400_000), page("b", 460_000)], ..Visit::default() };
        // The chat began on the second page, and the third was opened ten seconds later; the server's clock is 300 s behind.
        let during = vec![(170_000, page("b", 460_000)), (180_000, page("c", 480_000))];
        let times: Vec<Millis> = all_pages(visit, during).iter().map(|page| page.at).collect();
        assert_eq!(times, [100_000, 160_000, 180_000]);
    }

    #[test]
    fn a_page_without_a_time_was_opened_when_the_server_heard_of_it() {
        let pages = all_pages(Visit::default(), vec![(5_000, page("a", 4_000)), (9_000, page("b", 0))]);
        assert_eq!(pages.iter().map(|page| page.at).collect::<Vec<_>>(), [4_000, 9_000]);
    }
}
