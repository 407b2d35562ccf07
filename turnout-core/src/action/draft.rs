//! What the drafts of several tools have in common: where a voter came from (`http-api.md` 1.9).

use uuid::Uuid;

use crate::{
    input::{Given, Reader, Rules},
    tracking::{self, Tracking, clean_embed_url},
};

/// Where a voter came from, as it was given.
pub(crate) struct TrackingDraft {
    texts: [(&'static str, Given<String>); 9],
    session_id: Given<Uuid>,
}

impl TrackingDraft {
    /// Reads the fields that all tools share.
    pub(crate) fn read(r: &mut Reader<'_>) -> Self {
        let plain = Rules::optional();
        let free = plain.or_null().or_blank();
        Self {
            texts: tracking::TEXTS.map(|name| (name, r.text(name, free))),
            session_id: r.uuid(tracking::SESSION_ID, plain.or_null()),
        }
    }

    /// Writes what was given over what is known.
    pub(crate) fn store(self, tracking: &mut Tracking) {
        for (name, given) in self.texts {
            let target = match name {
                "embed_url" => &mut tracking.embed_url,
                "utm_campaign" => &mut tracking.utm_campaign,
                "utm_source" => &mut tracking.utm_source,
                "utm_medium" => &mut tracking.utm_medium,
                "utm_term" => &mut tracking.utm_term,
                "utm_content" => &mut tracking.utm_content,
                "source" => &mut tracking.source,
                "email_referrer" => &mut tracking.email_referrer,
                _ => &mut tracking.mobile_referrer,
            };
            match given {
                Given::Value(text) if name == "embed_url" => *target = Some(clean_embed_url(&text)),
                given => given.store(target),
            }
        }
        self.session_id.store(&mut tracking.session_id);
    }
}
