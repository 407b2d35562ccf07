//! Measurements live in the bench of this package.
