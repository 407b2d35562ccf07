//! Requests to be reminded.

macro_rules! columns {
    () => {
        "uuid, action_id, partner_id, created_at, modified_at, first_name, last_name, date_of_birth, \
         email, phone, address1, address2, city, state_id, zipcode, sms_opt_in, sms_opt_in_partner, \
         language, embed_url, utm_campaign, utm_source, utm_medium, utm_term, utm_content, source, email_referrer, \
         mobile_referrer, session_id"
    };
}

pub(crate) const COLUMNS: &str = columns!();

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM reminder_reminderrequest WHERE uuid = $1");
    BY_ACTION = concat!("SELECT ", columns!(), " FROM reminder_reminderrequest WHERE action_id = $1");
    INSERT = concat!(
        "INSERT INTO reminder_reminderrequest (", columns!(), ") VALUES (\
         $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
         $21, $22, $23, $24, $25, $26, $27, $28)"
    );
}
