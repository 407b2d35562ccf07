//! Errors that more than one port shares.

use std::fmt;

/// Any error, kept as the cause of one of ours.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What went wrong at somebody else's service.
#[derive(Debug, thiserror::Error)]
#[error("{provider}: {kind}")]
pub struct ProviderError {
    /// The vendor's name, as in the configuration.
    pub provider: &'static str,
    /// What the caller can do about it.
    pub kind: ProviderErrorKind,
    /// The cause, if there is one. Carries no personal data.
    #[source]
    pub source: Option<BoxError>,
}

/// What a failure at a vendor means for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProviderErrorKind {
    /// The vendor understood and said no; asking again gives the same answer.
    Rejected,
    /// Too many requests; ask again later.
    Throttled,
    /// No answer, or an answer of a broken server; ask again later.
    Unreachable,
    /// An answer that we do not understand.
    Unintelligible,
    /// No such vendor is configured.
    Disabled,
}

impl fmt::Display for ProviderErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rejected => "rejected the request",
            Self::Throttled => "asks us to slow down",
            Self::Unreachable => "cannot be reached",
            Self::Unintelligible => "gave an answer that cannot be read",
            Self::Disabled => "is not configured",
        })
    }
}

impl ProviderError {
    /// An error without a cause.
    #[must_use]
    pub fn new(provider: &'static str, kind: ProviderErrorKind) -> Self {
        Self { provider, kind, source: None }
    }

    /// The same error with its cause.
    #[must_use]
    pub fn because(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self.kind, ProviderErrorKind::Throttled | ProviderErrorKind::Unreachable)
    }
}
