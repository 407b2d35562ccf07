//! How a caller's trace goes on here: the header `traceparent` (W3C Trace Context, level 1).

/// What it says, in hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TraceParent {
    /// Of the whole trace.
    pub(crate) trace: [u8; 16],
    /// Of the caller's span.
    pub(crate) span: [u8; 8],
    /// Whether the caller keeps it.
    pub(crate) is_kept: bool,
}

impl TraceParent {
    /// `00-<32 digits>-<16 digits>-<2 digits>`, or more after that in later versions; nothing when it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().split('-');
        let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let is_lower = text.bytes().all(|byte| !byte.is_ascii_uppercase());
        let [version] = digits::<1>(version)?;
        if version == 0xff || (version == 0 && parts.next().is_some()) || !is_lower {
            return None;
        }
        let [flags] = digits::<1>(flags)?;
        let (trace, span) = (digits(trace)?, digits(span)?);
        (trace != [0; 16] && span != [0; 8]).then_some(Self { trace, span, is_kept: flags & 1 == 1 })
    }
}

/// As it is written, and nothing else that a caller may have put into the header.
impl std::fmt::Display for TraceParent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (trace, span) = (hex::encode(self.trace), hex::encode(self.span));
        write!(f, "00-{trace}-{span}-0{}", u8::from(self.is_kept))
    }
}

fn digits<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok().map(|()| bytes)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_standard_has_is_believed() {
        let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let parent = TraceParent::parse(good).unwrap();
        assert!(parent.is_kept);
        assert_eq!(parent.to_string(), good);
        let later = "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00-what-comes";
        assert!(!TraceParent::parse(later).unwrap().is_kept);
        for bad in [
            "",
            "ann@example.org",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ] {
            assert_eq!(TraceParent::parse(bad), None, "{bad}");
        }
    }
}
