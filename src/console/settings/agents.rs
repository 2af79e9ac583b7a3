//! Who answers in the console.

use super::confirm::Confirm;
use super::form::{Below, Checks, Form, FormDialog, MAX_EMAIL_CHARS, TextField, described_by};
use super::photo::PhotoField;
use super::{Empty, Head, TableBox};
use crate::api::{AgentForm, agents, save_agent};
use crate::console::desk::Desk;
use crate::console::fetch::{Fetch, FetchState};
use crate::model::agent::{MAX_NAME_CHARS, MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARS, Role};
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::{AgentId, DepartmentId};
use crate::model::settings::AgentEntry;
use crate::model::visitor::Email;
use crate::ui::icon::{Icon, Shape};
use crate::ui::people::Avatar;
use leptos::prelude::*;
use leptos::task::spawn_local;

const NAME: &str = "a-name";
const EMAIL: &str = "a-email";
const PASSWORD: &str = "a-password";
const ROLE: &str = "a-role";

/// What is asked over the page.
#[derive(Clone)]
enum Asked {
    /// A new agent.
    Add,
    Edit(AgentEntry),
    /// Whether to deactivate this one, or to activate.
    Turn(AgentEntry),
}

/// The agents.
#[component]
pub fn Agents(desk: Desk) -> impl IntoView {
    let fetch = Fetch::<Vec<AgentEntry>>::new(desk);
    let asked = RwSignal::new(None::<Asked>);
    let me = desk.me.with_untracked(|me| me.id);
    let load = Callback::new(move |()| fetch.run(agents()));
    Effect::new(move |_| load.run(()));
    Effect::new(move |_| {
        fetch.data.with(|agents| {
            if let Some(mine) = agents.iter().flatten().find(|agent| agent.id == me) {
                take_own(desk, mine);
            }
        });
    });
    let on_close = Callback::new(move |()| asked.set(None));
    let on_done = Callback::new(move |()| {
        asked.set(None);
        load.run(());
    });
    let table = move || {
        fetch.data.get().map(|agents| match agents.is_empty() {
            true => view! { <Empty shape=Shape::TEAM title="No agents" text="Whoever answers is listed here." /> }
                .into_any(),
            false => view! { <Table agents=agents me=me asked=asked /> }.into_any(),
        })
    };
    let dialog = move || {
        asked.get().map(|what| match what {
            Asked::Add => view! { <EditDialog desk=desk fetch=fetch on_done=on_done on_close=on_close /> }.into_any(),
            Asked::Edit(agent) => view! {
                <EditDialog desk=desk fetch=fetch agent=agent on_photo=load on_done=on_done on_close=on_close />
            }
            .into_any(),
            Asked::Turn(agent) => {
                view! { <TurnDialog desk=desk agent=agent on_done=on_done on_close=on_close /> }.into_any()
            }
        })
    };
    view! {
        <section class="page" aria-labelledby="page-title">
            <Head
                title="Agents"
                text="Who answers in the console. An agent without departments is rung for every chat."
                add=("Add agent", Callback::new(move |()| asked.set(Some(Asked::Add))))
            />
            <FetchState fetch=fetch what="agents" on_retry=load />
            {table}
        </section>
        {dialog}
    }
}

/// What an admin changed about themselves holds here at once.
fn take_own(desk: Desk, mine: &AgentEntry) {
    desk.me.update(|me| {
        me.name.clone_from(&mine.name);
        me.email.clone_from(&mine.email);
        me.role = mine.role;
        me.photo = mine.photo;
        me.departments.clone_from(&mine.departments);
    });
}

#[component]
fn Table(agents: Vec<AgentEntry>, me: AgentId, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let rows = agents.into_iter().map(|agent| view! { <Row agent=agent me=me asked=asked /> }).collect_view();
    view! {
        <TableBox label="Agents" columns=&["Agent", "Role", "Departments", "Available"]>{rows}</TableBox>
    }
}

#[component]
fn Row(agent: AgentEntry, me: AgentId, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let is_me = agent.id == me;
    let AgentEntry { name, email, .. } = agent.clone();
    let shown = if is_me { format!("{name} (you)") } else { name.clone() };
    let (state, role) = match agent.role {
        _ if agent.deactivated => ("state", "Deactivated"),
        Role::Admin => ("state state--pending", "Admin"),
        Role::Agent => ("state", "Agent"),
    };
    let departments = match agent.departments.is_empty() {
        true => "All departments".to_owned(),
        false => agent.departments.iter().map(|department| department.name.as_str()).collect::<Vec<_>>().join(", "),
    };
    let flag = (!agent.deactivated).then(|| {
        let (presence, text) = match agent.available {
            true => ("presence presence--here", "Available"),
            false => ("presence", "Not available"),
        };
        view! { <span class="table__flag"><span class=presence aria-hidden="true"></span>{text}</span> }
    });
    let edit = (!agent.deactivated).then(|| {
        let agent = agent.clone();
        view! {
            <button
                class="btn btn--quiet btn--sm"
                type="button"
                aria-label=format!("Edit {name}")
                on:click=move |_| asked.set(Some(Asked::Edit(agent.clone())))
            >
                "Edit"
            </button>
        }
    });
    let off = agent.deactivated;
    // Nobody locks themselves out by one wrong click.
    let turn = (off || !is_me).then(|| {
        let (class, word) = match off {
            true => ("btn btn--quiet btn--sm", "Activate"),
            false => ("btn btn--quiet btn--sm btn--bad", "Deactivate"),
        };
        let agent = agent.clone();
        view! {
            <button
                class=class
                type="button"
                aria-label=format!("{word} {name}")
                on:click=move |_| asked.set(Some(Asked::Turn(agent.clone())))
            >
                {word}
            </button>
        }
    });
    view! {
        <tr role="row" class:table--off=off>
            <td role="cell">
                <span class="table__who">
                    <Avatar name=name.clone() photo=agent.photo />
                    <span>
                        <span class="table__title">{shown}</span>
                        <span class="table__sub"><span>{email}</span></span>
                    </span>
                </span>
            </td>
            <td role="cell"><span class=state>{role}</span></td>
            <td role="cell">{departments}</td>
            <td role="cell">{flag}</td>
            <td role="cell" class="table__acts">{edit}{turn}</td>
        </tr>
    }
}

/// "Add agent", and "Edit agent" when there is one.
#[component]
fn EditDialog(
    desk: Desk,
    fetch: Fetch<Vec<AgentEntry>>,
    #[prop(optional)] agent: Option<AgentEntry>,
    /// The agent has another photo.
    #[prop(optional)]
    on_photo: Option<Callback<()>>,
    on_done: Callback<()>,
    on_close: Callback<()>,
) -> impl IntoView {
    let id = agent.as_ref().map(|agent| agent.id);
    let photo = RwSignal::new(agent.as_ref().and_then(|agent| agent.photo));
    let is_me = id.is_some_and(|id| desk.me.with_untracked(|me| me.id == id));
    let (name, email, role, chosen) = agent.map_or_else(
        || (String::new(), String::new(), Role::Agent, Vec::new()),
        |agent| (agent.name, agent.email, agent.role, agent.departments.iter().map(|d| d.id).collect()),
    );
    let name = RwSignal::new(name);
    let email = RwSignal::new(email);
    let password = RwSignal::new(String::new());
    let admin = RwSignal::new(role == Role::Admin);
    let chosen = RwSignal::new(chosen);
    let form = Form::new();
    let save = Callback::new(move |()| {
        if !form.begin() {
            return;
        }
        let typed = AgentForm {
            name: name.get_untracked(),
            email: email.get_untracked(),
            admin: admin.get_untracked(),
            departments: chosen.get_untracked(),
            password: password.get_untracked(),
            deactivated: false,
        };
        check(form, fetch, id, &typed);
        if form.is_faulty() {
            form.end();
            return;
        }
        spawn_local(async move {
            match save_agent(id, typed).await {
                Ok(()) => drop(on_done.try_run(())),
                Err(error) => {
                    let field = field_of(&error);
                    form.fail(desk, error, field);
                }
            }
            form.end();
        });
    });
    let (label, hint) = match id {
        None => {
            ("Password", format!("At least {MIN_PASSWORD_CHARS} characters. Tell it to the agent: no mail is sent."))
        }
        Some(_) if is_me => {
            ("New password", "Left empty, the password stays as it is. With a new one you log in again.".to_owned())
        }
        Some(_) => ("New password", "Left empty, the password stays as it is.".to_owned()),
    };
    let departments: Signal<Vec<(DepartmentId, String)>> =
        Signal::derive(move || desk.departments.with(|all| all.iter().map(|d| (d.id, d.name.clone())).collect()));
    let (title, word) = if id.is_none() { ("Add agent", "Add agent") } else { ("Edit agent", "Save") };
    view! {
        <FormDialog form=form title=title id="agent" save=word on_save=save on_close=on_close>
            <TextField form=form id=NAME label="Name" value=name max=MAX_NAME_CHARS />
            <TextField form=form id=EMAIL label="Email" value=email kind="email" max=MAX_EMAIL_CHARS />
            <TextField
                form=form
                id=PASSWORD
                label=label
                value=password
                kind="password"
                autocomplete="new-password"
                max=MAX_PASSWORD_BYTES
                hint=hint
            />
            <RoleField form=form admin=admin />
            <Show when=move || !departments.with(Vec::is_empty)>
                <Checks legend="Departments" hint="None means all." options=departments chosen=chosen />
            </Show>
            {id
                .zip(on_photo)
                .map(|(agent, on_change)| {
                    view! { <PhotoField desk=desk agent=agent name=name photo=photo on_change=on_change /> }
                })}
        </FormDialog>
    }
}

/// What can be said without asking the server.
fn check(form: Form, fetch: Fetch<Vec<AgentEntry>>, id: Option<AgentId>, typed: &AgentForm) {
    if typed.name.trim().is_empty() {
        form.fault(NAME, Refusal::InvalidName { max: MAX_NAME_CHARS }.to_string());
    }
    let email = typed.email.trim().to_lowercase();
    let is_same = |agent: &AgentEntry| Some(agent.id) != id && agent.email.to_lowercase() == email;
    if let Err(refusal) = Email::parse(&email) {
        form.fault(EMAIL, refusal.to_string());
    } else if fetch.data.with_untracked(|agents| agents.iter().flatten().any(is_same)) {
        form.fault(EMAIL, "An agent with this email exists already.".into());
    }
    let chars = typed.password.chars().count();
    if chars < MIN_PASSWORD_CHARS && (id.is_none() || chars > 0) {
        form.fault(PASSWORD, format!("Please choose at least {MIN_PASSWORD_CHARS} characters."));
    } else if typed.password.len() > MAX_PASSWORD_BYTES {
        form.fault(PASSWORD, "Please choose a shorter password.".into());
    }
}

/// The field that this is about.
fn field_of(error: &ApiError) -> Option<&'static str> {
    match error {
        ApiError::Refused { refusal: Refusal::InvalidName { .. } } => Some(NAME),
        ApiError::Refused { refusal: Refusal::InvalidEmail } => Some(EMAIL),
        _ => None,
    }
}

#[component]
fn RoleField(form: Form, admin: RwSignal<bool>) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field__label" for=ROLE>"Role"</label>
            <span class="select">
                <select
                    class="input"
                    id=ROLE
                    aria-describedby=described_by(form, ROLE, true)
                    on:change=move |ev| admin.set(event_target_value(&ev) == Role::Admin.as_str())
                >
                    <option value=Role::Agent.as_str() selected=move || !admin.get()>"Agent"</option>
                    <option value=Role::Admin.as_str() selected=move || admin.get()>"Admin"</option>
                </select>
                <Icon shape=Shape::CHEVRON />
            </span>
            <Below form=form id=ROLE hint=Some("Admins can change these settings.".into()) />
        </div>
    }
}

/// Whether to deactivate an agent, or to let a deactivated one in again.
#[component]
fn TurnDialog(desk: Desk, agent: AgentEntry, on_done: Callback<()>, on_close: Callback<()>) -> impl IntoView {
    let form = Form::new();
    let off = agent.deactivated;
    let name = agent.name.clone();
    let (title, text, word) = match off {
        true => {
            (format!("Activate {name}?"), format!("{name} can log in again, with the password as it was."), "Activate")
        }
        false => (
            format!("Deactivate {name}?"),
            format!(
                "{name} is logged out everywhere and cannot log in. Open chats go back to the queue. What {name} wrote stays."
            ),
            "Deactivate",
        ),
    };
    let save = Callback::new(move |()| {
        if !form.begin() {
            return;
        }
        let wanted = AgentForm {
            name: agent.name.clone(),
            email: agent.email.clone(),
            admin: agent.role == Role::Admin,
            departments: agent.departments.iter().map(|department| department.id).collect(),
            password: String::new(),
            deactivated: !off,
        };
        let id = agent.id;
        spawn_local(async move {
            match save_agent(Some(id), wanted).await {
                Ok(()) => drop(on_done.try_run(())),
                Err(error) => form.fail(desk, error, None),
            }
            form.end();
        });
    });
    view! { <Confirm form=form title=title text=text action=word danger=!off on_yes=save on_close=on_close /> }
}
