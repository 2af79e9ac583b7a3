//! Values without book-keeping: any change runs everything that watches, once, as soon as the browser is back from what
//! it does. They live as long as the page.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

thread_local! {
    static WATCHERS: RefCell<Vec<Rc<dyn Fn()>>> = const { RefCell::new(Vec::new()) };
    static CHANGED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `look` now and after every change.
pub fn watch(look: impl Fn() + 'static) {
    let look: Rc<dyn Fn()> = Rc::new(look);
    WATCHERS.with_borrow_mut(|all| all.push(look.clone()));
    look();
}

/// Runs `read`; here nothing is tracked anyhow.
pub fn untrack<T>(read: impl FnOnce() -> T) -> T {
    read()
}

fn changed() {
    if !CHANGED.replace(true) {
        spawn_local(async {
            CHANGED.set(false);
            let all = WATCHERS.with_borrow(Clone::clone);
            for look in all {
                look();
            }
        });
    }
}

/// Where Leptos' signals keep what may go to other threads; here a name.
pub struct SyncStorage;
/// Where they keep what may not.
pub struct LocalStorage;

/// A value that is shown: a change draws anew.
pub struct RwSignal<T: 'static>(&'static RefCell<T>);

impl<T> Clone for RwSignal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for RwSignal<T> {}

impl<T> RwSignal<T> {
    pub fn new(value: T) -> Self {
        RwSignal(Box::leak(Box::new(RefCell::new(value))))
    }

    pub fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.0.borrow())
    }

    pub fn with_untracked<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        self.with(read)
    }

    pub fn try_with_untracked<R>(&self, read: impl FnOnce(&T) -> R) -> Option<R> {
        Some(self.with(read))
    }

    pub fn set(&self, value: T) {
        *self.0.borrow_mut() = value;
        changed();
    }

    pub fn try_set(&self, value: T) -> Option<T> {
        self.set(value);
        None
    }

    pub fn update(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.0.borrow_mut());
        changed();
    }

    pub fn try_update<R>(&self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let result = change(&mut self.0.borrow_mut());
        changed();
        Some(result)
    }
}

impl<T: Clone> RwSignal<T> {
    pub fn get(&self) -> T {
        self.0.borrow().clone()
    }

    pub fn get_untracked(&self) -> T {
        self.get()
    }

    pub fn try_get_untracked(&self) -> Option<T> {
        Some(self.get())
    }
}

/// As [`RwSignal`], counted.
pub struct ArcRwSignal<T>(Rc<RefCell<T>>);

impl<T> Clone for ArcRwSignal<T> {
    fn clone(&self) -> Self {
        ArcRwSignal(self.0.clone())
    }
}

impl<T> ArcRwSignal<T> {
    pub fn new(value: T) -> Self {
        ArcRwSignal(Rc::new(RefCell::new(value)))
    }

    pub fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.0.borrow())
    }

    pub fn with_untracked<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        self.with(read)
    }

    pub fn set(&self, value: T) {
        *self.0.borrow_mut() = value;
        changed();
    }
}

impl<T: Clone> ArcRwSignal<T> {
    pub fn get(&self) -> T {
        self.0.borrow().clone()
    }
}

/// A value that is not shown.
pub struct StoredValue<T: 'static, S = SyncStorage>(&'static RefCell<T>, PhantomData<S>);

impl<T, S> Clone for StoredValue<T, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, S> Copy for StoredValue<T, S> {}

impl<T> StoredValue<T> {
    pub fn new(value: T) -> Self {
        StoredValue(Box::leak(Box::new(RefCell::new(value))), PhantomData)
    }
}

impl<T> StoredValue<T, LocalStorage> {
    pub fn new_local(value: T) -> Self {
        StoredValue(Box::leak(Box::new(RefCell::new(value))), PhantomData)
    }
}

impl<T, S> StoredValue<T, S> {
    pub fn with_value<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.0.borrow())
    }

    pub fn try_with_value<R>(&self, read: impl FnOnce(&T) -> R) -> Option<R> {
        Some(self.with_value(read))
    }

    /// What was there before goes only when the new value is there: its end may look at it.
    pub fn set_value(&self, value: T) {
        drop(self.0.replace(value));
    }

    pub fn try_set_value(&self, value: T) -> Option<T> {
        self.set_value(value);
        None
    }

    pub fn update_value(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.0.borrow_mut());
    }

    pub fn try_update_value<R>(&self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        Some(change(&mut self.0.borrow_mut()))
    }
}

impl<T: Clone, S> StoredValue<T, S> {
    pub fn get_value(&self) -> T {
        self.0.borrow().clone()
    }

    pub fn try_get_value(&self) -> Option<T> {
        Some(self.get_value())
    }
}
