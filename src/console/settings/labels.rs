//! What chats and tickets are about.

use super::confirm::Confirm;
use super::form::{Form, FormDialog, TextField};
use super::{Empty, Head, TableBox, to_main};
use crate::api::{create_label, labels, remove_label, save_label};
use crate::console::desk::Desk;
use crate::console::fetch::{Fetch, FetchState};
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::LabelId;
use crate::model::label::{COLORS, Label, MAX_NAME_CHARS, clean_name};
use crate::ui::icon::Shape;
use leptos::prelude::*;
use leptos::task::spawn_local;

const NAME: &str = "l-name";
/// The colours by name, from 1 on.
const HUES: [&str; COLORS as usize] = ["Blue", "Teal", "Purple", "Orange", "Pink", "Sky", "Yellow", "Green"];

/// What is asked over the page.
#[derive(Clone)]
enum Asked {
    /// A new label.
    Add,
    Edit(Label),
    /// Whether to delete this one.
    Delete(Label),
}

/// The labels.
#[component]
pub fn Labels(desk: Desk) -> impl IntoView {
    let fetch = Fetch::<Vec<Label>>::new(desk);
    let asked = RwSignal::new(None::<Asked>);
    let load = Callback::new(move |()| fetch.run(labels()));
    Effect::new(move |_| load.run(()));
    Effect::new(move |_| {
        if let Some(labels) = fetch.data.get() {
            desk.labels.set(labels);
        }
    });
    let is_here = Memo::new(move |_| fetch.data.with(Option::is_some));
    let on_close = Callback::new(move |()| asked.set(None));
    let table = move || {
        is_here.get().then(|| {
            let labels = desk.labels.get();
            match labels.is_empty() {
                true => {
                    let text = "Add the first one here. Agents can add labels in a chat’s details as well.";
                    view! { <Empty shape=Shape::TAG title="No labels yet" text=text /> }.into_any()
                }
                false => view! { <Table labels=labels asked=asked /> }.into_any(),
            }
        })
    };
    let dialog = move || {
        asked.get().map(|what| match what {
            Asked::Add => view! { <EditDialog desk=desk on_close=on_close /> }.into_any(),
            Asked::Edit(label) => view! { <EditDialog desk=desk label=label on_close=on_close /> }.into_any(),
            Asked::Delete(label) => view! { <DeleteDialog desk=desk label=label on_close=on_close /> }.into_any(),
        })
    };
    view! {
        <section class="page" aria-labelledby="page-title">
            <Head
                title="Labels"
                text="What chats and tickets are about. Agents choose them in a chat’s details, and can add new ones."
                add=("Add label", Callback::new(move |()| asked.set(Some(Asked::Add))))
            />
            <FetchState fetch=fetch what="labels" on_retry=load />
            {table}
        </section>
        {dialog}
    }
}

/// The whole console knows this label as it is now.
fn take(desk: Desk, label: Label) {
    desk.labels.update(|labels| {
        labels.retain(|other| other.id != label.id);
        labels.push(label);
        labels.sort_by_key(|label| label.name.to_lowercase());
    });
}

fn forget(desk: Desk, id: LabelId) {
    desk.labels.update(|labels| labels.retain(|label| label.id != id));
}

#[component]
fn Table(labels: Vec<Label>, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let row = move |label: Label| {
        let (edit, delete) = (label.clone(), label.clone());
        let Label { name, color, .. } = label;
        view! {
            <tr role="row">
                <td role="cell"><span class=format!("chip hue-{color}")><span>{name.clone()}</span></span></td>
                <td role="cell" class="table__acts">
                    <button
                        class="btn btn--quiet btn--sm"
                        type="button"
                        aria-label=format!("Edit {name}")
                        on:click=move |_| asked.set(Some(Asked::Edit(edit.clone())))
                    >
                        "Edit"
                    </button>
                    <button
                        class="btn btn--quiet btn--sm btn--bad"
                        type="button"
                        aria-label=format!("Delete {name}")
                        on:click=move |_| asked.set(Some(Asked::Delete(delete.clone())))
                    >
                        "Delete"
                    </button>
                </td>
            </tr>
        }
    };
    view! {
        <TableBox label="Labels" columns=&["Label"]>{labels.into_iter().map(row).collect_view()}</TableBox>
    }
}

/// Makes the label and gives it its colour. One that was made and could not be coloured is there all the same.
async fn add(desk: Desk, name: String, color: u8) -> Result<(), ApiError> {
    let label = create_label(name).await?;
    take(desk, label.clone());
    change(desk, Label { color, ..label }).await
}

async fn change(desk: Desk, label: Label) -> Result<(), ApiError> {
    let is_as_it_was = desk.labels.with_untracked(|labels| labels.contains(&label));
    if !is_as_it_was {
        save_label(label.clone()).await?;
        take(desk, label);
    }
    Ok(())
}

/// "Add label", and "Edit label" when there is one.
#[component]
fn EditDialog(desk: Desk, #[prop(optional)] label: Option<Label>, on_close: Callback<()>) -> impl IntoView {
    let (title, word) = if label.is_none() { ("Add label", "Add label") } else { ("Edit label", "Save") };
    // A label whose making is repeated after half of it was done.
    let made = StoredValue::new(None::<String>);
    let id = label.as_ref().map(|label| label.id);
    let (name, color) = label.map_or_else(|| (String::new(), 1), |label| (label.name, label.color));
    let name = RwSignal::new(name);
    let color = RwSignal::new(color);
    let form = Form::new();
    let save = Callback::new(move |()| {
        if !form.begin() {
            return;
        }
        let clean = match clean_name(&name.get_untracked()) {
            Ok(clean) => clean,
            Err(refusal) => {
                form.fault(NAME, refusal.to_string());
                form.end();
                return;
            }
        };
        let is_taken = made.with_value(|made| made.as_ref() != Some(&clean))
            && desk.labels.with_untracked(|labels| {
                let same = clean.to_lowercase();
                labels.iter().any(|other| Some(other.id) != id && other.name.to_lowercase() == same)
            });
        if is_taken {
            form.fault(NAME, "There already is a label with this name.".into());
            form.end();
            return;
        }
        let color = color.get_untracked();
        if id.is_none() {
            made.set_value(Some(clean.clone()));
        }
        spawn_local(async move {
            let done = match id {
                None => add(desk, clean, color).await,
                Some(id) => change(desk, Label { id, name: clean, color }).await,
            };
            match done {
                Ok(()) => drop(on_close.try_run(())),
                Err(error) => {
                    let is_of_name = matches!(
                        error,
                        ApiError::Invalid { .. } | ApiError::Refused { refusal: Refusal::InvalidName { .. } }
                    );
                    form.fail(desk, error, is_of_name.then_some(NAME));
                }
            }
            form.end();
        });
    });
    view! {
        <FormDialog form=form title=title id="label" save=word on_save=save on_close=on_close>
            <TextField form=form id=NAME label="Name" value=name max=MAX_NAME_CHARS />
            <Hues color=color />
            <p>
                <span class="visually-hidden">"Looks like "</span>
                <span class=move || format!("chip hue-{}", color.get())>
                    <span>
                        {move || {
                            let name = name.get();
                            if name.trim().is_empty() { "label".to_owned() } else { name }
                        }}
                    </span>
                </span>
            </p>
        </FormDialog>
    }
}

/// The colours to choose from; each shows itself.
#[component]
fn Hues(color: RwSignal<u8>) -> impl IntoView {
    let hues = (1..=COLORS)
        .zip(HUES)
        .map(|(hue, name)| {
            view! {
                <input
                    class=format!("hue-{hue}")
                    type="radio"
                    name="hue"
                    value=hue.to_string()
                    aria-label=name
                    title=name
                    prop:checked=move || color.get() == hue
                    on:change=move |_| color.set(hue)
                />
            }
        })
        .collect_view();
    view! {
        <fieldset class="field">
            <legend class="field__label">"Colour"</legend>
            <div class="hues">{hues}</div>
        </fieldset>
    }
}

#[component]
fn DeleteDialog(desk: Desk, label: Label, on_close: Callback<()>) -> impl IntoView {
    let form = Form::new();
    let id = label.id;
    let delete = Callback::new(move |()| {
        if !form.begin() {
            return;
        }
        spawn_local(async move {
            match remove_label(id).await {
                Ok(()) | Err(ApiError::Gone) => {
                    forget(desk, id);
                    on_close.try_run(());
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
            title=format!("Delete {}?", label.name)
            text="Chats and tickets that have it keep it. It cannot be given to others any more."
            action="Delete"
            danger=true
            on_yes=delete
            on_close=on_close
        />
    }
}
