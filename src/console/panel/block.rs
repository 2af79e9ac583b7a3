//! Blocking (M12): keeps the visitor out for a day, and everybody at their address when that is asked for.

use super::super::desk::{Desk, Open};
use crate::api::agent_command;
use crate::model::chat::{Command, Status};
use crate::ui::browser::{command_id, focus, now};
use crate::ui::icon::{Icon, Shape};
use crate::ui::time;
use leptos::html::{Input, Textarea};
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn BlockUser(desk: Desk, open: Open) -> impl IntoView {
    let followed = open.followed;
    let until = Memo::new(move |_| followed.chat.with(|chat| chat.blocked_until).filter(|until| *until > now()));
    let others = Memo::new(move |_| {
        let me = desk.me.with(|me| me.id);
        followed.chat.with(|chat| {
            let owner = chat.agent.as_ref().filter(|owner| chat.status == Status::Open && owner.id != me);
            owner.map(|owner| owner.name.clone())
        })
    });
    move || match (until.get(), others.get()) {
        (Some(until), _) => view! {
            <p class="alert" role="status">
                <Icon shape=Shape::BLOCK />
                <span>
                    "This visitor is blocked until "
                    <b>{time::full(until)}</b>
                    ". An admin can lift the block under Settings, Blocks."
                </span>
            </p>
        }
        .into_any(),
        (None, Some(name)) => view! {
            <p class="alert">
                <Icon shape=Shape::INFO />
                <span>{name}" answers this chat, and can block the visitor."</span>
            </p>
        }
        .into_any(),
        (None, None) => view! { <BlockForm desk=desk open=open /> }.into_any(),
    }
}

#[component]
fn BlockForm(desk: Desk, open: Open) -> impl IntoView {
    let followed = open.followed;
    let reason = NodeRef::<Textarea>::new();
    let address = NodeRef::<Input>::new();
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let ends = move || followed.chat.with(|chat| chat.status.is_live());
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let command = Command::Block {
            reason: reason.get_untracked().map(|field| field.value()).unwrap_or_default(),
            address: address.get_untracked().is_some_and(|field| field.checked()),
        };
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            if let Err(refused) = agent_command(followed.id, command_id(), command).await {
                error.set(Some(refused.to_string()));
                focus("reason");
            } else {
                desk.toasts.say("The visitor is blocked for 24 hours.".into());
            }
            busy.set(false);
        });
    };
    view! {
        <form class="panel__form group" novalidate on:submit=submit>
            <p class="alert">
                <Icon shape=Shape::INFO />
                <span>
                    "A blocked visitor cannot chat for the next " <b>"24 hours"</b> "."
                    {move || ends().then_some(" This chat ends.")}
                </span>
            </p>
            <div class="field">
                <label class="field__label" for="reason">"Reason"</label>
                <textarea
                    class="input"
                    id="reason"
                    rows="3"
                    maxlength="500"
                    placeholder="A short description why"
                    node_ref=reason
                    aria-invalid=move || error.get().map(|_| "true")
                    aria-describedby=move || error.get().map(|_| "reason-error")
                ></textarea>
                {move || {
                    error
                        .get()
                        .map(|text| {
                            view! {
                                <p class="field__error" id="reason-error" role="alert">
                                    <Icon shape=Shape::ALERT small=true />
                                    {text}
                                </p>
                            }
                        })
                }}
            </div>
            <label class="check">
                <input type="checkbox" aria-label="Block IP address" aria-describedby="ip-hint" node_ref=address />
                "Block IP address "
                <small id="ip-hint">"Also stops every chat attempt from the visitor's last address."</small>
            </label>
            <p class="alert alert--warn">
                <Icon shape=Shape::WARN />
                <span>
                    "An IP block is imprecise: many people can share an address at work or in a café, and home and mobile addresses change."
                </span>
            </p>
            <button
                class="btn btn--danger btn--wide btn--big"
                type="submit"
                aria-disabled=move || busy.get().then_some("true")
            >
                "Block user"
            </button>
        </form>
    }
}
