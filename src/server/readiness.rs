//! Whether the server is ready, asked by many and looked at once: a look writes to the disk, so a storm of questions must
//! not become a storm of writes, and one that hangs must not gather others behind it.

use crate::desk::NotReady;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

/// What a look found.
pub type Answer = Result<(), NotReady>;

/// An answer is given again for this long.
const FRESH: Duration = Duration::from_secs(1);
/// A look that takes longer is answered as one that failed.
const WITHIN: Duration = Duration::from_secs(3);

/// The last look, which may still go on.
pub struct Readiness {
    fresh: Duration,
    within: Duration,
    last: Mutex<Option<Look>>,
}

impl Default for Readiness {
    fn default() -> Self {
        Readiness { fresh: FRESH, within: WITHIN, last: Mutex::default() }
    }
}

#[derive(Clone)]
struct Look {
    began: Instant,
    /// What it found, and when.
    found: watch::Receiver<Option<(Answer, Instant)>>,
}

impl Look {
    /// Begins a look, which goes on also when nobody waits for it any more.
    fn begin(look: impl Future<Output = Answer> + Send + 'static) -> Self {
        let (sender, found) = watch::channel(None);
        tokio::spawn(async move {
            let answer = look.await;
            sender.send_replace(Some((answer, Instant::now())));
        });
        Look { began: Instant::now(), found }
    }

    /// Whether it answers who asks now: it goes on, or was a moment ago.
    fn still_counts(&self, fresh: Duration) -> bool {
        match *self.found.borrow() {
            Some((_, at)) => at.elapsed() < fresh,
            // Nobody is left to say it when the look has failed.
            None => self.found.has_changed().is_ok(),
        }
    }
}

impl Readiness {
    /// Whether the server is ready, as `look` finds unless somebody looked a moment ago. Answers within three seconds.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn ask(&self, look: impl Future<Output = Answer> + Send + 'static) -> Answer {
        let Look { began, mut found } = self.current(look);
        let answer = match timeout_at(began + self.within, found.wait_for(Option::is_some)).await {
            Ok(Ok(found)) => found.as_ref().map(|(answer, _)| *answer),
            Ok(Err(_)) => Some(Err(NotReady::Failed)),
            Err(_) => None,
        };
        answer.unwrap_or(Err(NotReady::TooSlow))
    }

    fn current(&self, look: impl Future<Output = Answer> + Send + 'static) -> Look {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some(look) if look.still_counts(self.fresh) => look.clone(),
            _ => last.insert(Look::begin(look)).clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use tokio::sync::Notify;

    const LONG: Duration = Duration::from_secs(3_600);
    const FULL: Answer = Err(NotReady::NotWritable);

    fn readiness(fresh: Duration, within: Duration) -> Readiness {
        Readiness { fresh, within, ..Readiness::default() }
    }

    #[tokio::test]
    async fn many_questions_are_one_look() {
        let readiness = readiness(LONG, LONG);
        let looks = Arc::new(AtomicU32::new(0));
        for _ in 0..100 {
            let looks = looks.clone();
            let look = async move {
                looks.fetch_add(1, Ordering::Relaxed);
                FULL
            };
            assert_eq!(readiness.ask(look).await, FULL);
        }
        assert_eq!(looks.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn what_has_changed_since_is_told() {
        let readiness = readiness(Duration::ZERO, LONG);
        assert_eq!(readiness.ask(async { Ok(()) }).await, Ok(()));
        assert_eq!(readiness.ask(async { FULL }).await, FULL);
        assert_eq!(readiness.ask(async { Ok(()) }).await, Ok(()));
    }

    #[tokio::test]
    async fn a_look_that_hangs_is_answered_in_time_and_is_the_only_one_until_it_ends() {
        let readiness = readiness(Duration::ZERO, Duration::ZERO);
        let goes_on = Arc::new(Notify::new());
        let hanging = goes_on.clone();
        let look = async move {
            hanging.notified().await;
            Ok(())
        };
        assert_eq!(readiness.ask(look).await, Err(NotReady::TooSlow));
        for _ in 0..100 {
            assert_eq!(readiness.ask(async { unreachable!("there is one already") }).await, Err(NotReady::TooSlow));
        }
        let mut found = readiness.last.lock().unwrap().as_ref().unwrap().found.clone();
        goes_on.notify_one();
        assert_eq!(found.wait_for(Option::is_some).await.unwrap().unwrap().0, Ok(()));
        assert!(!readiness.last.lock().unwrap().as_ref().unwrap().still_counts(Duration::ZERO), "the next one looks");
    }

    #[tokio::test]
    async fn a_look_that_panics_is_no_answer_for_ever() {
        let readiness = readiness(LONG, LONG);
        assert_eq!(readiness.ask(async { panic!("a test") }).await, Err(NotReady::Failed));
        assert_eq!(readiness.ask(async { Ok(()) }).await, Ok(()));
    }
}
