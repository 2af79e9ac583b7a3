//! Logging out: who has open chats is asked first, since these go back to the queue.

use super::desk::Desk;
use crate::ui::modal::Modal;
use leptos::ev::SubmitEvent;
use leptos::html::Form;
use leptos::prelude::*;

/// The form with which the agent logs out.
#[component]
pub fn LogOut(desk: Desk, children: Children) -> impl IntoView {
    let form = NodeRef::<Form>::new();
    let asking = RwSignal::new(false);
    let open = desk.own_open();
    let on_submit = move |ev: SubmitEvent| {
        if open.get_untracked() > 0 {
            ev.prevent_default();
            asking.set(true);
        }
    };
    let on_yes = move |_| {
        if let Some(form) = form.get_untracked() {
            // Without asking again.
            let _ = form.submit();
        }
    };
    let on_close = Callback::new(move |()| asking.set(false));
    let text = move || match open.get() {
        1 => "You have an open chat. It goes back to the queue, and the visitor waits for another agent.".to_owned(),
        count => {
            format!("You have {count} open chats. They go back to the queue, and the visitors wait for other agents.")
        }
    };
    view! {
        <form class="nav__agent" method="post" action="/logout" node_ref=form on:submit=on_submit>
            {children()}
        </form>
        <Show when=move || asking.get()>
            <Modal title="Log out?" id="log-out" alert=true on_close=on_close>
                <p class="dialog__text" id="log-out-text">{text}</p>
                <div class="dialog__row">
                    <button class="btn" type="button" on:click=move |_| on_close.run(())>"Cancel"</button>
                    <button class="btn btn--danger" type="button" on:click=on_yes>"Log out"</button>
                </div>
            </Modal>
        </Show>
    }
}
