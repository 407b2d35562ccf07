//! Programs that show how the crates are used; see the files beside this folder.
