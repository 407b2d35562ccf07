//! Measurements live in the benches of this package.
