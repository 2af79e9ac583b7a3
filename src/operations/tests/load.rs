//! A backup while visitors write.

use super::{Installation, open, places, wrong};
use crate::model::chat::{Audience, EventBody};
use crate::model::ids::ChatId;
use crate::operations::{backup, restore};
use crate::store::ChatStore as _;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

const WRITERS: u8 = 4;
const BACKUPS: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_is_whole_has_all_that_was_acknowledged_before_and_holds_nobody_up() {
    let house = Arc::new(Installation::new().await);
    let stop = Arc::new(AtomicBool::new(false));
    // The last number that was acknowledged in each chat.
    let acked: Arc<Mutex<HashMap<ChatId, i64>>> = Arc::default();
    let count = |acked: &Mutex<HashMap<ChatId, i64>>| acked.lock().unwrap().values().sum::<i64>();
    let writers: Vec<_> = (1..=WRITERS)
        .map(|number| {
            let (house, stop, acked) = (house.clone(), stop.clone(), acked.clone());
            tokio::spawn(async move {
                let (visitor, chat) = house.start(number).await;
                let mut said = 0;
                while !stop.load(Ordering::Relaxed) {
                    said += 1;
                    if said % 5 == 0 {
                        house
                            .send_file(visitor, chat, format!("file {said} of {number}").repeat(said).as_bytes())
                            .await;
                        // Some are never sent.
                        house.upload(chat, b"never sent").await;
                    }
                    let ack = house.send(visitor, chat, &format!("message {said} of {number}")).await;
                    acked.lock().unwrap().insert(chat, ack.seq);
                }
            })
        })
        .collect();
    while acked.lock().unwrap().len() < usize::from(WRITERS) || count(&acked) < 200 {
        tokio::task::yield_now().await;
    }
    let mut made = Vec::new();
    for number in 0..BACKUPS {
        let before = acked.lock().unwrap().clone();
        let file = house.beside(&format!("{number}.tar"));
        let mut said = Vec::new();
        let backup = backup(&house.places, &file, false, &mut |sentence| said.push(sentence)).await.unwrap();
        assert_eq!((said, backup.missing), (vec![], 0));
        assert_eq!(backup.files, backup.manifest.counts.files);
        assert!(count(&acked) > before.values().sum::<i64>(), "nobody could write meanwhile");
        assert_eq!(wrong(&house.places).await, [""; 0], "beside the server that wrote");
        made.push((file, before, backup));
    }
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    for (number, (file, before, backup)) in made.into_iter().enumerate() {
        let places = places(&house.beside(&format!("restored-{number}")));
        let restored = restore(&file, &places, false).unwrap();
        assert_eq!((&restored.manifest, restored.files as i64), (&backup.manifest, backup.files));
        assert_eq!(wrong(&places).await, [""; 0]);
        let store = open(&places).await;
        let mut events = 0;
        for (chat, last) in before {
            let log = store.events(chat, Audience::Agents, 0, 1_000_000).await.unwrap();
            assert!(log.last().unwrap().seq >= last, "what was acknowledged before is in it");
            let live = house.store.events(chat, Audience::Agents, 0, log.len() as u32).await.unwrap();
            assert_eq!(log, live, "and it is the same");
            assert!(log.iter().any(|event| matches!(event.body, EventBody::Message { .. })));
            events += log.len() as i64;
        }
        assert_eq!(events, backup.manifest.counts.events);
        store.close().await;
    }
}
