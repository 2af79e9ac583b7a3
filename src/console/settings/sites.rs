//! The websites that this installation serves: each with its texts, colour and departments.

use super::confirm::Confirm;
use super::form::{Checks, Form, FormDialog, TextField};
use super::{Empty, Head, TableBox, to_main};
use crate::api::{remove_site, save_site, sites};
use crate::console::desk::Desk;
use crate::console::fetch::{Fetch, FetchState};
use crate::model::error::ApiError;
use crate::model::ids::DepartmentId;
use crate::model::site::{MAX_KEY_CHARS, MAX_NAME_CHARS, MAX_TEXT_CHARS, Site, SiteForm};
use crate::ui::icon::Shape;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The elements of the form, beside the names of what they are for.
const FIELDS: [(&str, &str); 6] = [
    ("name", "site-name"),
    ("key", "site-key"),
    ("origins", "site-origins"),
    ("color", "site-color"),
    ("greeting", "site-greeting"),
    ("away", "site-away"),
];
/// Longest list of websites that is typed, in characters.
const MAX_ORIGINS_CHARS: usize = 2_000;

/// What is asked over the page.
#[derive(Clone)]
enum Asked {
    /// A new site.
    Add,
    Edit(Site),
    /// Whether to delete this one.
    Delete(Site),
}

fn element(field: &str) -> &'static str {
    FIELDS.iter().find(|(name, _)| *name == field).map_or(FIELDS[0].1, |(_, id)| id)
}

/// The sites.
#[component]
pub fn Sites(desk: Desk) -> impl IntoView {
    let fetch = Fetch::<Vec<Site>>::new(desk);
    let asked = RwSignal::new(None::<Asked>);
    let load = Callback::new(move |()| fetch.run(sites()));
    Effect::new(move |_| load.run(()));
    let on_close = Callback::new(move |()| asked.set(None));
    let on_done = Callback::new(move |()| {
        asked.set(None);
        load.run(());
    });
    let table = move || {
        fetch.data.get().map(|sites| match sites.is_empty() {
            true => {
                let text =
                    "Every website has the same chat. Add a site to give one its own texts, colour and departments.";
                view! { <Empty shape=Shape::PAGE title="No sites yet" text=text /> }.into_any()
            }
            false => view! { <Table desk=desk sites=sites asked=asked /> }.into_any(),
        })
    };
    let dialog = move || {
        asked.get().map(|what| match what {
            Asked::Delete(site) => {
                view! { <DeleteDialog desk=desk fetch=fetch site=site on_done=on_done on_close=on_close /> }.into_any()
            }
            Asked::Add => view! { <EditDialog desk=desk on_done=on_done on_close=on_close /> }.into_any(),
            Asked::Edit(site) => {
                view! { <EditDialog desk=desk site=site on_done=on_done on_close=on_close /> }.into_any()
            }
        })
    };
    view! {
        <section class="page" aria-labelledby="page-title">
            <Head
                title="Sites"
                text="Websites with a chat of their own. A website says which one it is by data-site in its script tag."
                add=("Add site", Callback::new(move |()| asked.set(Some(Asked::Add))))
            />
            <FetchState fetch=fetch what="sites" on_retry=load />
            {table}
        </section>
        {dialog}
    }
}

#[component]
fn Table(desk: Desk, sites: Vec<Site>, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let rows = sites.into_iter().map(|site| view! { <Row desk=desk site=site asked=asked /> }).collect_view();
    view! {
        <TableBox label="Sites" columns=&["Site", "Websites", "Departments"]>{rows}</TableBox>
    }
}

#[component]
fn Row(desk: Desk, site: Site, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let SiteForm { name, key, origins, departments, .. } = site.form.clone();
    let websites = if origins.is_empty() { "As in the configuration".to_owned() } else { origins.join(", ") };
    let offered = move || {
        let all = desk.departments.get();
        let names = all.into_iter().filter(|known| departments.contains(&known.id)).map(|known| known.name);
        let names: Vec<String> = names.collect();
        if names.is_empty() { "All".to_owned() } else { names.join(", ") }
    };
    let act = |word: &'static str, class: &'static str, what: Asked| {
        view! {
            <button
                class=class
                type="button"
                aria-label=format!("{word} {name}")
                on:click=move |_| asked.set(Some(what.clone()))
            >
                {word}
            </button>
        }
    };
    view! {
        <tr role="row">
            <td role="cell">
                <span class="table__title">{name.clone()}</span>
                <span class="table__sub"><code>{format!("data-site=\"{key}\"")}</code></span>
            </td>
            <td role="cell">{websites}</td>
            <td role="cell">{offered}</td>
            <td role="cell" class="table__acts">
                {act("Edit", "btn btn--quiet btn--sm", Asked::Edit(site.clone()))}
                {act("Delete", "btn btn--quiet btn--sm btn--bad", Asked::Delete(site.clone()))}
            </td>
        </tr>
    }
}

/// Adds a site, or changes this one.
#[component]
fn EditDialog(
    desk: Desk,
    #[prop(optional)] site: Option<Site>,
    on_done: Callback<()>,
    on_close: Callback<()>,
) -> impl IntoView {
    let (title, word) = if site.is_none() { ("Add site", "Add site") } else { ("Edit site", "Save") };
    let id = site.as_ref().map(|site| site.id);
    let before = site.map(|site| site.form).unwrap_or_default();
    let name = RwSignal::new(before.name);
    let key = RwSignal::new(before.key);
    let origins = RwSignal::new(before.origins.join(" "));
    let color = RwSignal::new(before.color);
    let greeting = RwSignal::new(before.greeting);
    let away = RwSignal::new(before.away);
    let chosen = RwSignal::new(before.departments);
    let departments: Signal<Vec<(DepartmentId, String)>> = Signal::derive(move || {
        desk.departments.get().into_iter().map(|department| (department.id, department.name)).collect()
    });
    let filled = move || SiteForm {
        name: name.get_untracked(),
        key: key.get_untracked(),
        origins: origins
            .with_untracked(|typed| typed.split(|c: char| c == ',' || c.is_whitespace()).map(str::to_owned).collect()),
        color: color.get_untracked(),
        greeting: greeting.get_untracked(),
        away: away.get_untracked(),
        departments: chosen.get_untracked(),
    };
    let form = Form::new();
    let save = Callback::new(move |()| {
        if !form.begin() {
            return;
        }
        let checked = match filled().checked() {
            Ok(checked) => checked,
            Err(fault) => {
                form.fault(element(fault.field), fault.sentence);
                form.end();
                return;
            }
        };
        spawn_local(async move {
            match save_site(id, checked).await {
                Ok(()) => drop(on_done.try_run(())),
                Err(error) => form.fail(desk, error, None),
            }
            form.end();
        });
    });
    let origins_hint = "Which may show this chat, such as https://www.example.com; more than one parted by spaces. \
                        Beside those of the configuration.";
    view! {
        <FormDialog form=form title=title id="site" save=word on_save=save on_close=on_close>
            <TextField form=form id=element("name") label="Name" value=name max=MAX_NAME_CHARS />
            <TextField
                form=form
                id=element("key")
                label="Key"
                value=key
                max=MAX_KEY_CHARS
                hint="What the script tag of the website says in data-site."
            />
            <TextField
                form=form
                id=element("origins")
                label="Websites"
                value=origins
                max=MAX_ORIGINS_CHARS
                hint=origins_hint
            />
            <TextField
                form=form
                id=element("color")
                label="Colour"
                value=color
                max=7
                hint="Such as #0f766e. Without one it is the usual."
            />
            <TextField
                form=form
                id=element("greeting")
                label="Greeting"
                value=greeting
                max=MAX_TEXT_CHARS
                hint="What visitors read above the form while somebody is available."
            />
            <TextField
                form=form
                id=element("away")
                label="Away text"
                value=away
                max=MAX_TEXT_CHARS
                hint="What they read while nobody is."
            />
            <Show when=move || departments.with(|all| !all.is_empty())>
                <Checks
                    legend="Departments"
                    hint="Which visitors can choose from. All, when none is ticked."
                    options=departments
                    chosen=chosen
                />
            </Show>
        </FormDialog>
    }
}

#[component]
fn DeleteDialog(
    desk: Desk,
    fetch: Fetch<Vec<Site>>,
    site: Site,
    on_done: Callback<()>,
    on_close: Callback<()>,
) -> impl IntoView {
    let form = Form::new();
    let id = site.id;
    let delete = Callback::new(move |()| {
        if !form.begin() {
            return;
        }
        spawn_local(async move {
            match remove_site(id).await {
                Ok(()) | Err(ApiError::Gone) => {
                    fetch.data.update(|sites| {
                        if let Some(sites) = sites {
                            sites.retain(|site| site.id != id);
                        }
                    });
                    on_done.try_run(());
                    to_main();
                }
                Err(error) => form.fail(desk, error, None),
            }
            form.end();
        });
    });
    view! {
        <Confirm
            form=form
            title=format!("Delete {}?", site.form.name)
            text="Its chats keep its name. Its website then has the chat of one that names no site."
            action="Delete"
            danger=true
            on_yes=delete
            on_close=on_close
        />
    }
}
