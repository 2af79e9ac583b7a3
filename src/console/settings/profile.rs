//! The agent's own page: what others see of them.

use super::Head;
use super::photo::PhotoField;
use crate::console::desk::Desk;
use leptos::prelude::*;

/// The page. All agents have it.
#[component]
pub fn Profile(desk: Desk) -> impl IntoView {
    let me = desk.me;
    let agent = me.with_untracked(|me| me.id);
    let photo = RwSignal::new(me.with_untracked(|me| me.photo));
    // It may be changed in another window, or by an admin.
    Effect::new(move |_| photo.set(me.with(|me| me.photo)));
    let on_change = Callback::new(move |()| me.update(|me| me.photo = photo.get_untracked()));
    let name = Signal::derive(move || me.with(|me| me.name.clone()));
    view! {
        <section class="page" aria-labelledby="page-title">
            <Head title="Profile" text="What visitors and colleagues see of you. Name and email are changed by an admin." />
            <div class="form">
                <PhotoField desk=desk agent=agent name=name photo=photo on_change=on_change />
                <dl class="facts">
                    <div><dt>"Name"</dt><dd>{name}</dd></div>
                    <div><dt>"Email"</dt><dd>{move || me.with(|me| me.email.clone())}</dd></div>
                </dl>
            </div>
        </section>
    }
}
