//! What the room of decisions about mails promises.

use super::{commit, unit, view};
use crate::{
    conformance::rows::{at, held_mail, references},
    decision::{Purpose, Rule},
    mail::HeldMail,
    ports::store::Store,
};

/// A test for every case of the room of decisions about mails.
#[macro_export]
macro_rules! mails_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            mails,
            [$($open)+],
            store::mails,
            [
                every_field_of_a_held_mail_comes_back,
                a_newer_decision_about_a_mail_replaces_the_older,
            ]
        );
    };
}

/// Nothing included.
pub async fn every_field_of_a_held_mail_comes_back(store: &dyn Store) {
    let refused = HeldMail {
        message_id: "2@example.org".into(),
        sender: None,
        rule: Rule::Suppressed,
        held_until: None,
        ..held_mail(1)
    };
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    for mail in [held_mail(1), refused.clone()] {
        unit.mails_mut().note_held(&mail).await.expect("a note");
    }
    commit(unit).await;
    let mut view = view(store).await;
    for mail in [held_mail(1), refused] {
        assert_eq!(view.mails().held(&mail.message_id).await.expect("a read"), Some(mail));
    }
    assert_eq!(view.mails().held("3@example.org").await.expect("a read"), None);
}

/// What for and whose it is stays.
pub async fn a_newer_decision_about_a_mail_replaces_the_older(store: &dyn Store) {
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    unit.mails_mut().note_held(&held_mail(1)).await.expect("a note");
    let refused = HeldMail {
        purpose: Purpose::Reminder,
        sender: None,
        rule: Rule::Stopped,
        held_until: None,
        decided_at: at(60),
        ..held_mail(1)
    };
    unit.mails_mut().note_held(&refused).await.expect("a note");
    let kept = HeldMail { purpose: held_mail(1).purpose, sender: held_mail(1).sender, ..refused };
    assert_eq!(unit.mails().held(&kept.message_id).await.expect("a read"), Some(kept));
}
