//! Where the reader of a log is: at its end, where new lines are followed, or further up, where nobody is disturbed.

/// So close to its end the log counts as read to the end, in pixels.
const NEAR_END_PX: i32 = 60;

/// The place of a reader in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    at_end: bool,
    /// How far the log was scrolled when it was last heard of.
    top: i32,
}

impl Place {
    /// A log begins at its end.
    pub const fn at_end() -> Self {
        Place { at_end: true, top: 0 }
    }

    /// Whether new lines are to be followed.
    pub fn is_at_end(self) -> bool {
        self.at_end
    }

    /// The log was scrolled, by its reader or by following its end: to `top`, of `height` in all, with `window` on the
    /// screen. Only who goes up leaves the end: by the time one's own way to the end is heard of, the log may have grown
    /// beyond it or its window shrunk, and that is no wish to stay behind.
    pub fn scrolled(&mut self, top: i32, height: i32, window: i32) {
        if height - top - window <= NEAR_END_PX {
            self.at_end = true;
        } else if top < self.top {
            self.at_end = false;
        }
        self.top = top;
    }

    /// The log can be scrolled to `furthest` at most now. Where it was further down, the browser takes it there, and that
    /// must not pass for a reader who goes up: it may be heard of when the log has grown again.
    pub fn fit(&mut self, furthest: i32) {
        self.top = self.top.min(furthest);
    }

    /// The log is shown from further up, as where unread messages begin.
    pub fn begin_above(&mut self) {
        self.at_end = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_goes_up_leaves_the_end_and_who_comes_back_is_there_again() {
        let mut place = Place::at_end();
        place.scrolled(600, 1_000, 400);
        place.scrolled(300, 1_000, 400);
        assert!(!place.is_at_end());
        place.scrolled(545, 1_000, 400);
        assert!(place.is_at_end());
    }

    #[test]
    fn a_log_that_grows_or_a_window_that_shrinks_leaves_nobody_behind() {
        let mut place = Place::at_end();
        place.scrolled(600, 1_000, 400);
        // The way to the end is heard of after two more messages.
        place.scrolled(600, 1_200, 400);
        assert!(place.is_at_end());
        place.scrolled(800, 1_200, 150);
        assert!(place.is_at_end());
    }

    #[test]
    fn a_log_that_shrinks_and_grows_again_leaves_nobody_behind() {
        let mut place = Place::at_end();
        place.scrolled(438, 866, 428);
        // The draft of the other side is gone, and the message that it became is there before the browser says so.
        place.fit(367);
        place.scrolled(367, 866, 428);
        assert!(place.is_at_end());
        place.scrolled(300, 866, 428);
        assert!(!place.is_at_end(), "the reader went up");
    }

    #[test]
    fn who_is_above_stays_there_while_it_grows() {
        let mut place = Place::at_end();
        place.begin_above();
        place.scrolled(100, 1_000, 400);
        place.scrolled(150, 1_500, 400);
        assert!(!place.is_at_end());
    }
}
