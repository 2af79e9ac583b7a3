//! What visitors choose in the form, and whose agents are rung for it.

use super::confirm::Confirm;
use super::form::{Checks, Form, FormDialog, TextField};
use super::{Empty, Head, TableBox, to_main};
use crate::api::{agents, departments, remove_department, save_department};
use crate::console::desk::Desk;
use crate::console::fetch::{Fetch, FetchState};
use crate::model::department::{DepartmentRef, MAX_NAME_CHARS};
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::AgentId;
use crate::model::settings::{AgentEntry, DepartmentEntry};
use crate::ui::icon::Shape;
use crate::ui::people::Avatar;
use leptos::prelude::*;
use leptos::task::spawn_local;

const NAME: &str = "d-name";
/// Pictures of members in a row.
const FACES: usize = 5;

/// Departments, and everybody who can be a member.
type Found = (Vec<DepartmentEntry>, Vec<AgentEntry>);

/// What is asked over the page.
#[derive(Clone)]
enum Asked {
    /// A new department.
    Add,
    Rename(DepartmentEntry),
    Members(DepartmentEntry),
    /// Whether to delete this one.
    Delete(DepartmentEntry),
}

async fn find() -> Result<Found, ApiError> {
    Ok((departments().await?, agents().await?))
}

/// The departments.
#[component]
pub fn Departments(desk: Desk) -> impl IntoView {
    let fetch = Fetch::<Found>::new(desk);
    let asked = RwSignal::new(None::<Asked>);
    let load = Callback::new(move |()| fetch.run(find()));
    Effect::new(move |_| load.run(()));
    Effect::new(move |_| {
        fetch.data.with(|found| {
            if let Some((departments, _)) = found {
                take(desk, departments);
            }
        });
    });
    let on_close = Callback::new(move |()| asked.set(None));
    let on_done = Callback::new(move |()| {
        asked.set(None);
        load.run(());
    });
    let table = move || {
        fetch.data.get().map(|(departments, _)| match departments.is_empty() {
            true => {
                let text = "Without departments a chat rings for all agents, and the form asks for none.";
                view! { <Empty shape=Shape::BUILDING title="No departments yet" text=text /> }.into_any()
            }
            false => view! { <Table departments=departments asked=asked /> }.into_any(),
        })
    };
    let dialog = move || {
        asked.get().map(|what| match what {
            Asked::Delete(department) => {
                view! { <DeleteDialog desk=desk fetch=fetch department=department on_done=on_done on_close=on_close /> }
                    .into_any()
            }
            what => {
                view! { <EditDialog desk=desk fetch=fetch what=what on_done=on_done on_close=on_close /> }.into_any()
            }
        })
    };
    view! {
        <section class="page" aria-labelledby="page-title">
            <Head
                title="Departments"
                text="Visitors choose one in the form. Its members are rung for the chats in it."
                add=("Add department", Callback::new(move |()| asked.set(Some(Asked::Add))))
            />
            <FetchState fetch=fetch what="departments" on_retry=load />
            {table}
        </section>
        {dialog}
    }
}

/// The whole console knows what was changed here.
fn take(desk: Desk, departments: &[DepartmentEntry]) {
    let to_ref = |department: &DepartmentEntry| DepartmentRef { id: department.id, name: department.name.clone() };
    desk.departments.set(departments.iter().map(to_ref).collect());
    desk.me.update(|me| {
        let is_mine = |department: &&DepartmentEntry| department.members.iter().any(|member| member.id == me.id);
        me.departments = departments.iter().filter(is_mine).map(to_ref).collect();
    });
}

#[component]
fn Table(departments: Vec<DepartmentEntry>, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let rows =
        departments.into_iter().map(|department| view! { <Row department=department asked=asked /> }).collect_view();
    view! {
        <TableBox label="Departments" columns=&["Department", "Members"]>{rows}</TableBox>
    }
}

#[component]
fn Row(department: DepartmentEntry, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let name = department.name.clone();
    let members = match department.members.as_slice() {
        [] => "No members: rings agents without departments".into_any(),
        members => {
            let faces = members
                .iter()
                .take(FACES)
                .map(|member| view! { <Avatar name=member.name.clone() photo=member.photo /> });
            let count = match members.len() {
                1 => "1 member".to_owned(),
                count => format!("{count} members"),
            };
            view! { <span class="faces">{faces.collect_view()}<span class="faces__more">{count}</span></span> }
                .into_any()
        }
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
    let quiet = "btn btn--quiet btn--sm";
    view! {
        <tr role="row">
            <td role="cell"><span class="table__title">{name.clone()}</span></td>
            <td role="cell">{members}</td>
            <td role="cell" class="table__acts">
                {act("Members", quiet, Asked::Members(department.clone()))}
                {act("Rename", quiet, Asked::Rename(department.clone()))}
                {act("Delete", "btn btn--quiet btn--sm btn--bad", Asked::Delete(department.clone()))}
            </td>
        </tr>
    }
}

/// Adds a department, renames one, or sets its members.
#[component]
fn EditDialog(
    desk: Desk,
    fetch: Fetch<Found>,
    what: Asked,
    on_done: Callback<()>,
    on_close: Callback<()>,
) -> impl IntoView {
    let (title, word, asks_name, asks_members) = match &what {
        Asked::Rename(_) => ("Rename department".to_owned(), "Save", true, false),
        Asked::Members(department) => (format!("Members of {}", department.name), "Save", false, true),
        Asked::Add | Asked::Delete(_) => ("Add department".to_owned(), "Add department", true, true),
    };
    let department = match what {
        Asked::Add => None,
        Asked::Rename(department) | Asked::Members(department) | Asked::Delete(department) => Some(department),
    };
    let id = department.as_ref().map(|department| department.id);
    let (name, members) = department.map_or_else(Default::default, |department| {
        (department.name, department.members.iter().map(|member| member.id).collect::<Vec<_>>())
    });
    let name = RwSignal::new(name);
    let chosen = RwSignal::new(members.clone());
    let people: Signal<Vec<(AgentId, String)>> = Signal::derive(move || {
        fetch.data.with(|found| {
            let all = found.iter().flat_map(|(_, agents)| agents);
            // Who was deactivated can be taken out, not put in.
            all.filter(|agent| !agent.deactivated || members.contains(&agent.id))
                .map(|agent| (agent.id, agent.name.clone()))
                .collect()
        })
    });
    let form = Form::new();
    let save = Callback::new(move |()| {
        if !form.begin() {
            return;
        }
        let (name, members) = (name.get_untracked(), chosen.get_untracked());
        if name.trim().is_empty() {
            form.fault(NAME, Refusal::InvalidName { max: MAX_NAME_CHARS }.to_string());
            form.end();
            return;
        }
        spawn_local(async move {
            match save_department(id, name, members).await {
                Ok(()) => drop(on_done.try_run(())),
                Err(error) => {
                    let is_of_name = matches!(error, ApiError::Invalid { .. } | ApiError::Refused { .. });
                    form.fail(desk, error, (asks_name && is_of_name).then_some(NAME));
                }
            }
            form.end();
        });
    });
    let hint = if asks_name { "Members" } else { "Agents" };
    view! {
        <FormDialog form=form title=title id="department" save=word on_save=save on_close=on_close>
            <Show when=move || asks_name>
                <TextField form=form id=NAME label="Name" value=name max=MAX_NAME_CHARS />
            </Show>
            <Show when=move || asks_members>
                <Checks legend=hint hidden_legend=!asks_name options=people chosen=chosen faces=true />
            </Show>
        </FormDialog>
    }
}

#[component]
fn DeleteDialog(
    desk: Desk,
    fetch: Fetch<Found>,
    department: DepartmentEntry,
    on_done: Callback<()>,
    on_close: Callback<()>,
) -> impl IntoView {
    let form = Form::new();
    let id = department.id;
    let delete = Callback::new(move |()| {
        if !form.begin() {
            return;
        }
        spawn_local(async move {
            match remove_department(id).await {
                Ok(()) | Err(ApiError::Gone) => {
                    fetch.data.update(|found| {
                        if let Some((departments, _)) = found {
                            departments.retain(|department| department.id != id);
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
            title=format!("Delete {}?", department.name)
            text="Its chats and tickets keep its name. Visitors can no longer choose it."
            action="Delete"
            danger=true
            on_yes=delete
            on_close=on_close
        />
    }
}
