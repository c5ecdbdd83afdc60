//! The API key does not stay in memory: no block that this crate frees holds it.
//!
//! What hyper writes to a connection passes through its own buffers, which nobody wipes, so calls are not
//! covered.

// Only an allocator sees what is freed, and the trait of one is unsafe to implement.
#![allow(unsafe_code)]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    env, slice,
};

use agen_api::{Client, ClientBuilder};

const KEY: &str = "canary-key-5c1e";

thread_local! {
    /// How many blocks this thread has freed with the key in them.
    static FOUND: Cell<usize> = const { Cell::new(0) };
}

struct Watching;

// SAFETY: memory comes from and goes back to the system's allocator, with the layouts as they are given.
// `realloc` is the trait's own, so that what a growing block leaves behind is looked at, too.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // Zeroed, so that a block can be read whatever its owner has written.
        // SAFETY: the caller keeps what the trait asks for, which is the same for both.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block is as long as its layout, and until it is freed nobody else has it.
        let bytes = unsafe { slice::from_raw_parts(block, layout.size()) };
        let found = bytes
            .windows(KEY.len())
            .any(|window| window == KEY.as_bytes());
        if found {
            FOUND.set(FOUND.get() + 1);
        }
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Watching = Watching;

/// How many blocks are freed with the key in them while `run` runs.
fn freed_with_key(run: impl FnOnce()) -> usize {
    let before = FOUND.get();
    run();
    FOUND.get() - before
}

fn builder() -> ClientBuilder {
    Client::builder()
        .api_key(KEY)
        .base_url("http://127.0.0.1:1")
}

#[test]
fn a_key_that_is_freed_is_found() {
    assert_eq!(freed_with_key(|| drop(KEY.to_owned())), 1);
    let grown = || {
        let mut key = KEY.to_owned();
        key.reserve_exact(100);
        key.clear();
        key.push_str(&"-".repeat(KEY.len()));
    };
    assert_eq!(freed_with_key(grown), 1);
}

#[test]
fn nothing_of_the_key_is_left_behind() {
    assert_eq!(freed_with_key(|| drop(builder())), 0, "a builder");
    assert_eq!(
        freed_with_key(|| drop(builder().api_key("other"))),
        0,
        "another key"
    );
    assert_eq!(
        freed_with_key(|| drop(builder().build().unwrap())),
        0,
        "a client"
    );
    let cloned = || {
        let client = builder().build().unwrap();
        let clone = client.clone();
        drop(client);
        drop(clone);
    };
    assert_eq!(freed_with_key(cloned), 0, "two clients");
    let refused = || drop(builder().base_url("no address").build().unwrap_err());
    assert_eq!(freed_with_key(refused), 0, "a refused address");
    let shown = || drop(format!("{:?} {:?}", builder(), builder().build().unwrap()));
    assert_eq!(freed_with_key(shown), 0, "a client that is shown");
    let call = || {
        let client = builder().build().unwrap();
        drop(client.list_sessions().send());
        drop(client.send_message("s", "m").send());
    };
    assert_eq!(freed_with_key(call), 0, "calls that are not sent");
}

#[test]
fn nothing_of_a_wrong_key_is_left_behind() {
    for (prefix, suffix) in [("", "\n"), (" ", ""), ("\r\n", "x"), ("", "é")] {
        let refused = || {
            // Of its final size at once, so that this test leaves nothing behind.
            let mut key = String::with_capacity(KEY.len() + 4);
            key.extend([prefix, KEY, suffix]);
            let error = Client::builder().api_key(key).build().unwrap_err();
            drop(format!("{error} {error:?}"));
        };
        assert_eq!(freed_with_key(refused), 0, "{prefix:?} {suffix:?}");
    }
}

#[test]
fn nothing_of_a_key_of_the_environment_is_left_behind() {
    // SAFETY: only this test of the binary writes the environment, and it is read through `std` alone.
    unsafe {
        env::set_var("AGEN_API_KEY", KEY);
        env::set_var("AGEN_BASE_URL", "http://127.0.0.1:1");
    }
    assert_eq!(freed_with_key(|| drop(Client::from_env().unwrap())), 0);
}
