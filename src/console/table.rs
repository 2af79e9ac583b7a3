//! The tables of the console.

use leptos::prelude::*;

/// A table with these columns; its children are rows.
///
/// On a phone the rows are cards, and a table that is not drawn as one loses its roles: they are written out, here as in
/// rows and cells.
#[component]
pub fn Table(
    label: &'static str,
    columns: &'static [&'static str],
    /// Beside `table`.
    #[prop(optional)]
    class: &'static str,
    /// One more column, for what can be done.
    #[prop(optional)]
    actions: bool,
    children: Children,
) -> impl IntoView {
    let heads = columns.iter().map(|name| view! { <th role="columnheader" scope="col">{*name}</th> }).collect_view();
    let acts = actions.then(|| {
        view! {
            <th role="columnheader" scope="col" class="table__acts">
                <span class="visually-hidden">"Actions"</span>
            </th>
        }
    });
    view! {
        <table class=format!("table {class}") role="table" aria-label=label>
            <thead role="rowgroup">
                <tr role="row">{heads}{acts}</tr>
            </thead>
            <tbody role="rowgroup">{children()}</tbody>
        </table>
    }
}
