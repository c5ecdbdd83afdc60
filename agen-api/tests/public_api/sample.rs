// A crate that is only read, by `main.rs`.

mod inner {
    use std::fmt;

    /// Documentation is not listed.
    #[derive(Clone, serde::Serialize)]
    #[non_exhaustive]
    pub struct Open<'a, T: Copy> {
        pub id: &'a str,
        #[deprecated = "gone"]
        pub value: Option<T>,
        secret: u8,
    }

    impl<T: Copy> Open<'_, T> {
        #[must_use = "it is another one"]
        pub fn with_a_name_that_is_long(mut self, first: impl Into<String>, mut second: u8) -> Result<Self, fmt::Error> {
            unreachable!()
        }

        pub(crate) fn private(&self) {}
    }

    impl fmt::Debug for Open<'_, u8> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            unreachable!()
        }
    }

    pub struct Pair(pub u8, String);
    pub struct Whole {
        pub all: (u8, u8),
    }
    pub struct Marker;

    #[repr(u8)]
    pub enum Choice {
        One = 1,
        Two(u8),
        #[doc(hidden)]
        Three { of: Vec<u8> },
    }

    impl From<Choice> for u8 {
        fn from(_: Choice) -> Self {
            unreachable!()
        }
    }

    mod sealed {
        pub trait Sealed {}
        impl Sealed for str {}
    }

    pub trait Text: sealed::Sealed {
        type Kind: Clone;
        const LONG: usize = 1;
        fn text(&self) -> &str;
        fn length(&self) -> usize {
            1
        }
    }

    impl Text for str {
        type Kind = u8;
        fn text(&self) -> &str {
            self
        }
    }

    pub struct Hidden;
    impl Text for Hidden {}
    struct Private;
    impl From<Private> for Pair {}
}

macro_rules! settings {
    ($name:ident, { $($field:ident),* }) => { settings!($name, [$($field),*]); };
    ($name:ident, [$($field:ident),*]) => {
        impl $name {
            pub const fn timeout(mut self) -> Self {
                $(self.$field();)*
                self
            }
        }
        impl ::std::convert::From<::std::string::String> for $name {}
    };
}

settings!(Marker, { a, b });

pub use bytes::Bytes;
pub use inner::{Choice as Decision, Marker, Open, Pair, Text, Whole};
pub use reqwest::{self, header::HeaderMap as Headers};

pub type Short<T> = Result<T, Pair>;
pub const LIMIT: usize = 1 << 20;
pub static NAME: &str = "name";

pub async fn run<T>(it: T) -> usize
where
    T: Iterator<Item = u8>,
{
    0
}

#[cfg(feature = "mock")]
pub mod mock {
    pub use super::inner::*;

    #[cfg(unix)]
    pub fn start() {}
    pub(crate) fn stop() {}

    pub mod deep {
        pub use super::super::LIMIT;
        pub struct Down;
    }
}

mod generated {
    pub mod types {
        pub struct Session;
        impl Session {
            pub fn title(&self) {}
        }
    }
}

pub use generated::types;

impl types::Session {
    pub fn is_new(&self) -> bool {
        true
    }
}

#[cfg(test)]
pub mod tests {}
