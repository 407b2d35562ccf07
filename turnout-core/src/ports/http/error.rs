//! Why there is no answer.

use std::fmt;

use crate::error::{BoxError, ProviderError, ProviderErrorKind};

/// Why there is no answer. Its text and its causes hold nothing of the request.
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub struct HttpError {
    /// What happened, as far as the caller has to know it.
    pub kind: HttpErrorKind,
    /// The cause, if there is one.
    #[source]
    pub source: Option<BoxError>,
}

/// What happened to a request that has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HttpErrorKind {
    /// There is no such host, nobody listens there, or the connection is not safe. Nothing was sent.
    Unconnected,
    /// No whole answer in time. The request may have arrived.
    TimedOut,
    /// The connection ended early, or what came is not HTTP. The request may have arrived.
    Broken,
    /// The answer is longer than the caller wants to read. The request arrived.
    TooLarge,
    /// The request cannot be written: a header with a line break, an address that is not of the web. Nothing was sent.
    Unwritable,
    /// The host is one that this client may not reach. Nothing was sent.
    Forbidden,
    /// There is no client. Nothing was sent.
    Disabled,
}

impl HttpErrorKind {
    /// Whether the other side may have acted on the request. If not, even a request that must not be carried out twice
    /// may be sent again.
    #[must_use]
    pub fn may_have_arrived(self) -> bool {
        matches!(self, Self::TimedOut | Self::Broken | Self::TooLarge)
    }

    /// What it means for who asked a vendor.
    #[must_use]
    pub fn at_a_vendor(self) -> ProviderErrorKind {
        match self {
            Self::Unconnected | Self::TimedOut | Self::Broken => ProviderErrorKind::Unreachable,
            Self::TooLarge => ProviderErrorKind::Unintelligible,
            Self::Unwritable | Self::Forbidden => ProviderErrorKind::Rejected,
            Self::Disabled => ProviderErrorKind::Disabled,
        }
    }
}

impl fmt::Display for HttpErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unconnected => "no connection",
            Self::TimedOut => "no answer in time",
            Self::Broken => "the connection broke",
            Self::TooLarge => "the answer is too large",
            Self::Unwritable => "the request cannot be written",
            Self::Forbidden => "the host may not be reached from here",
            Self::Disabled => "there is no HTTP client",
        })
    }
}

impl From<HttpErrorKind> for HttpError {
    fn from(kind: HttpErrorKind) -> Self {
        Self { kind, source: None }
    }
}

impl HttpError {
    /// The same error with its cause, which must hold nothing of the request.
    #[must_use]
    pub fn because(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What it means for who asked the vendor.
    #[must_use]
    pub fn at(self, provider: &'static str) -> ProviderError {
        ProviderError::new(provider, self.kind.at_a_vendor()).because(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_sent_may_have_arrived() {
        for (kind, arrived, transient) in [
            (HttpErrorKind::Unconnected, false, true),
            (HttpErrorKind::TimedOut, true, true),
            (HttpErrorKind::Broken, true, true),
            (HttpErrorKind::TooLarge, true, false),
            (HttpErrorKind::Unwritable, false, false),
            (HttpErrorKind::Forbidden, false, false),
            (HttpErrorKind::Disabled, false, false),
        ] {
            assert_eq!(kind.may_have_arrived(), arrived, "{kind}");
            assert_eq!(HttpError::from(kind).at("vendor").is_transient(), transient, "{kind}");
        }
    }
}
