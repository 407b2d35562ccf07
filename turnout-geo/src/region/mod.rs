//! From an address to the election office that serves it.
//!
//! [`RegionFinder`] knows what a point or a ZIP code is in (`layers.rs`), asks the rules of the state (`rules.rs`, whose
//! data are `rules/*.toml`; `decide.rs`), and finds the region by its name (`names.rs`, `list.rs`). What is not known is
//! said: where a disc crosses a border there are several candidates, never the nearer one alone.

mod answer;
mod decide;
mod finder;
mod generated;
mod layers;
mod list;
mod located;
mod named;
mod names;
mod rules;
mod template;

pub use answer::{Answer, Match, Nearby, Outcome, Reason};
pub use finder::RegionFinder;
pub use layers::LayerKind;
pub use list::{Region, RegionList};
pub use located::Located;
pub use named::{NamedMunicipality, named_county};
pub use names::{AreaType, RegionKey};
