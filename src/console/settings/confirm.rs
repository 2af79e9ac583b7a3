//! "Are you sure?", before something is taken away.

use super::form::{Form, FormAlert};
use crate::ui::modal::Modal;
use leptos::prelude::*;

/// Asks. Escape and "Cancel" leave everything as it is; why it failed is said in the dialog, which stays open.
#[component]
pub fn Confirm(
    form: Form,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] text: String,
    /// What the button says.
    action: &'static str,
    /// Something is taken away.
    #[prop(optional)]
    danger: bool,
    on_yes: Callback<()>,
    on_close: Callback<()>,
) -> impl IntoView {
    view! {
        <Modal title=title id="confirm" alert=true on_close=on_close>
            <p class="dialog__text" id="confirm-text">{text}</p>
            <Show when=move || form.has_alert()>
                <div class="dialog__fields"><FormAlert form=form /></div>
            </Show>
            <div class="dialog__row">
                <button class="btn" type="button" on:click=move |_| on_close.run(())>"Cancel"</button>
                <button
                    class=if danger { "btn btn--danger" } else { "btn btn--primary" }
                    type="button"
                    aria-disabled=move || form.busy.get().then_some("true")
                    on:click=move |_| on_yes.run(())
                >
                    {action}
                </button>
            </div>
        </Modal>
    }
}
