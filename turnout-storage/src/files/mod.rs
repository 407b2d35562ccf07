//! Bytes of files: a local folder. The rows that say whose they are belong to the store.

mod local;

pub use local::LocalFiles;
