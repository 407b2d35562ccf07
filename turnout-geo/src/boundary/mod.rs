//! Which areas a point is in, for any layer of areas.
//!
//! [`BoundaryIndex`] is a grid of whole numbers: most points lie in a cell that is all of one area, and for the others a
//! few edges are looked at. Answers are exact (`exact.rs`), and a point on a shared border is in exactly one of the two.
//! Here too: how far the borders around a point are (`near.rs`), and the file form of an index (`persist.rs`).
//! Reading areas from files is `import`'s, the counties that come with the crate are `data`'s.

mod build;
mod exact;
mod grid;
mod layer;
mod near;
mod persist;

use std::ops::Range;

use smallvec::SmallVec;

pub use layer::{Arc, Area, Layer, Shape};
pub use near::Near;

use self::{
    grid::{Extent, Grid},
    persist::{SECTIONS, Section},
};
use crate::point::GeoPoint;

/// An area of an index: its position in the layer that the index was built from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaId(pub u32);

/// What an index knows of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AreaName<'a> {
    /// [`Area::key`]
    pub key: &'a str,
    /// [`Area::name`]
    pub name: &'a str,
    /// [`Area::kind`]
    pub kind: &'a str,
}

/// Why there is no index.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BoundaryError {
    /// More areas, arcs or edges than an index can hold.
    #[error("the layer is too large for an index")]
    TooLarge,
    /// Points that are not on earth, arcs of fewer than two points, or of areas that the layer lacks.
    #[error("the layer contradicts itself")]
    BadLayer,
    /// The file is no index, or one of another version or byte order.
    #[error("not a boundary index of this version and byte order")]
    NotAnIndex,
    /// A part of the file is not as it was written.
    #[error("the boundary index is damaged: {0}")]
    Damaged(&'static str),
    /// Reading or writing failed; a file that ends too early, too.
    #[error("cannot read or write the boundary index")]
    Io(#[from] std::io::Error),
}

/// Answers which areas of a layer a point is in.
///
/// ```
/// use turnout_geo::{GeoPoint, boundary::{Area, BoundaryIndex, Layer, Shape}};
///
/// let point = |lat, lon| GeoPoint::from_degrees(lat, lon).unwrap();
/// let ward = |key: &str, west, east| Shape {
///     area: Area { key: key.to_owned(), name: format!("Ward {key}"), kind: "ward".to_owned() },
///     rings: vec![vec![point(40.0, west), point(40.0, east), point(41.0, east), point(41.0, west)]],
/// };
/// let layer = Layer::from_shapes("ward", "2024", vec![ward("1", -90.0, -89.0), ward("2", -89.0, -88.0)]);
/// let index = BoundaryIndex::build(&layer).unwrap();
///
/// let [area] = index.at(point(40.5, -88.5))[..] else { panic!("one ward") };
/// assert_eq!(index.area(area).unwrap().name, "Ward 2");
/// // on the border between the two: in one of them
/// assert_eq!(index.at(point(40.5, -89.0)).len(), 1);
/// assert!(index.at(point(42.0, -89.0)).is_empty());
/// ```
#[derive(Clone)]
pub struct BoundaryIndex {
    /// The file, header and all.
    words: Box<[u32]>,
    sections: [Range<usize>; SECTIONS],
    extent: Extent,
    areas: u32,
}

impl BoundaryIndex {
    /// The index of a layer. A fifth of a second for all counties of the United States.
    ///
    /// # Errors
    /// [`BoundaryError::BadLayer`] and [`BoundaryError::TooLarge`].
    pub fn build(layer: &Layer) -> Result<Self, BoundaryError> {
        persist::assemble(layer, build::build(layer)?)
    }

    /// The areas that the point is in; more than one only where areas overlap.
    #[must_use]
    pub fn at(&self, point: GeoPoint) -> SmallVec<[AreaId; 2]> {
        self.grid().at(point)
    }

    /// The areas that a disc around the point touches, by distance.
    ///
    /// Those that the point is in come first, at no distance; of the others, how far their nearest border is. Meant for
    /// uncertain points: every cell of the disc is looked at. Distances are right within half a percent.
    #[must_use]
    pub fn within(&self, point: GeoPoint, radius_m: f64) -> Vec<Near> {
        near::within(&self.grid(), point, radius_m)
    }

    /// Meters from the point to the nearest border of any area, inside or outside of it; nothing when the radius has none.
    #[must_use]
    pub fn border_distance(&self, point: GeoPoint, radius_m: f64) -> Option<f64> {
        near::border_distance(&self.grid(), point, radius_m)
    }

    /// What is known of an area besides its shape.
    #[must_use]
    pub fn area(&self, id: AreaId) -> Option<AreaName<'_>> {
        let [key, name, kind] = [0, 1, 2].map(|field| self.text(3 * id.0 as usize + field + 2));
        (id.0 < self.areas).then_some(AreaName { key, name, kind })
    }

    /// How many areas there are; their ids count from 0.
    #[must_use]
    pub fn area_count(&self) -> u32 {
        self.areas
    }

    /// [`Layer::name`]
    #[must_use]
    pub fn name(&self) -> &str {
        self.text(0)
    }

    /// [`Layer::vintage`]
    #[must_use]
    pub fn vintage(&self) -> &str {
        self.text(1)
    }

    /// Bytes of memory, which are those of the file.
    #[must_use]
    pub fn size(&self) -> usize {
        self.words.len() * size_of::<u32>()
    }

    fn grid(&self) -> Grid<'_> {
        Grid {
            extent: self.extent,
            areas: self.areas,
            table: self.section(Section::Table),
            pages: self.section(Section::Pages),
            blocks: self.section(Section::Blocks),
            leaves: self.section(Section::Leaves),
            sets: self.section(Section::Sets),
        }
    }

    fn section(&self, section: Section) -> &[u32] {
        &self.words[self.sections[section as usize].clone()]
    }

    /// The name and the vintage of the layer, then key, name and kind of each area.
    fn text(&self, number: usize) -> &str {
        let words = self.section(Section::Text);
        crate::section::text(words, number).unwrap_or_default()
    }
}

impl std::fmt::Debug for BoundaryIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BoundaryIndex")
            .field("name", &self.name())
            .field("vintage", &self.vintage())
            .field("areas", &self.areas)
            .field("bytes", &self.size())
            .finish()
    }
}
