//! What was decided about mails that did not go at once.

macro_rules! columns {
    () => {
        "message_id, purpose, subscriber_id, rule, held_until, decided_at"
    };
}

pub(crate) const COLUMNS: &str = columns!();

statements! {
    HELD = concat!("SELECT ", columns!(), " FROM held_mail WHERE message_id = $1");
    NOTE = concat!(
        "INSERT INTO held_mail (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (message_id) DO UPDATE SET rule = excluded.rule, held_until = excluded.held_until, \
         decided_at = excluded.decided_at"
    );
}
