//! Tests of the room for bodies.

use std::{cell::Cell, rc::Rc};

use futures_util::{FutureExt, future::join_all};

use super::{PIECE, Rooms};

#[test]
fn a_body_waits_until_another_gives_its_room_back() {
    let rooms = Rooms::new(4 * PIECE);
    let (mut first, mut second, mut third) = (rooms.room(), rooms.room(), rooms.room());
    assert!(first.grow(3 * PIECE).now_or_never().is_some());
    assert!(first.grow(2 * PIECE).now_or_never().is_some());
    // One body may take more than there is, and only one.
    assert!(second.grow(2 * PIECE).now_or_never().is_some());
    assert!(second.grow(100 * PIECE).now_or_never().is_some());
    assert!(third.grow(2 * PIECE).now_or_never().is_none());
    drop(first);
    assert!(third.grow(2 * PIECE).now_or_never().is_some());
}

#[tokio::test]
async fn bodies_that_all_grow_at_the_same_time_all_end() {
    let rooms = Rooms::new(10 * PIECE);
    let (held, most) = (Rc::new(Cell::new(0_usize)), Rc::new(Cell::new(0_usize)));
    let bodies = (0..40).map(|_| {
        let (mut room, held, most) = (rooms.room(), Rc::clone(&held), Rc::clone(&most));
        async move {
            for piece in 1..=6 {
                room.grow(piece * PIECE).await;
                held.set(held.get() + 1);
                most.set(most.get().max(held.get()));
                tokio::task::yield_now().await;
            }
            held.set(held.get() - 6);
        }
    });
    join_all(bodies).await;
    assert_eq!(held.get(), 0);
    // The room, and one body beyond it.
    assert!((10..=16).contains(&most.get()), "{}", most.get());
}
