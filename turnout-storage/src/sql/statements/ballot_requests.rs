//! Ballot requests, and what is said here of the offices that take them.

macro_rules! columns {
    () => {
        "uuid, modified_at, status, first_name, middle_name, last_name, suffix, date_of_birth, email, phone, \
         us_citizen, address1, address2, city, state_id, zipcode, mailing_address1, mailing_address2, \
         mailing_city, mailing_state_id, mailing_zipcode, request_mailing_address1, \
         request_mailing_address2, request_mailing_city, request_mailing_state_id, \
         request_mailing_zipcode, request_mailing_deliverable, sms_opt_in, sms_opt_in_partner, \
         referring_tool, state_fields, signature_id, submit_date, esign_method, way, region_id, \
         result_item_id, result_item_mail_id, language, embed_url, utm_campaign, utm_source, utm_medium, \
         utm_term, utm_content, source, email_referrer, mobile_referrer, session_id, action_id, \
         partner_id, created_at"
    };
}
macro_rules! override_columns {
    () => {
        "region_id, submission_method, email, phone, fax, notes, created_at, modified_at"
    };
}
macro_rules! link_columns {
    () => {
        "region_id, url, created_at, modified_at"
    };
}

pub(crate) const COLUMNS: &str = columns!();
pub(crate) const OVERRIDE_COLUMNS: &str = override_columns!();
pub(crate) const LINK_COLUMNS: &str = link_columns!();

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM absentee_ballotrequest WHERE uuid = $1");
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK = concat!("SELECT ", columns!(), " FROM absentee_ballotrequest WHERE uuid = $1"),
        postgres concat!("SELECT ", columns!(), " FROM absentee_ballotrequest WHERE uuid = $1 FOR NO KEY UPDATE");
    BY_ACTION = concat!("SELECT ", columns!(), " FROM absentee_ballotrequest WHERE action_id = $1");
    BY_FILE = concat!(
        "SELECT ", columns!(), " FROM absentee_ballotrequest WHERE result_item_id = $1 OR result_item_mail_id = $1"
    );
    INSERT = concat!(
        "INSERT INTO absentee_ballotrequest (", columns!(), ") VALUES (\
         $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, \
         $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, \
         $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52)"
    );
    /// Numbered as in `INSERT`, whose last three columns do not change.
    UPDATE = "UPDATE absentee_ballotrequest SET \
              modified_at = $2, status = $3, first_name = $4, middle_name = $5, last_name = $6, suffix = $7, \
              date_of_birth = $8, email = $9, phone = $10, us_citizen = $11, address1 = $12, \
              address2 = $13, city = $14, state_id = $15, zipcode = $16, mailing_address1 = $17, \
              mailing_address2 = $18, mailing_city = $19, mailing_state_id = $20, mailing_zipcode = $21, \
              request_mailing_address1 = $22, request_mailing_address2 = $23, \
              request_mailing_city = $24, request_mailing_state_id = $25, request_mailing_zipcode = $26, \
              request_mailing_deliverable = $27, sms_opt_in = $28, sms_opt_in_partner = $29, \
              referring_tool = $30, state_fields = $31, signature_id = $32, submit_date = $33, \
              esign_method = $34, way = $35, region_id = $36, result_item_id = $37, \
              result_item_mail_id = $38, language = $39, embed_url = $40, utm_campaign = $41, \
              utm_source = $42, utm_medium = $43, utm_term = $44, utm_content = $45, source = $46, \
              email_referrer = $47, mobile_referrer = $48, session_id = $49 WHERE uuid = $1";
    OVERRIDE = concat!("SELECT ", override_columns!(), " FROM absentee_leocontactoverride WHERE region_id = $1");
    LOCK_OVERRIDE = concat!("SELECT ", override_columns!(), " FROM absentee_leocontactoverride WHERE region_id = $1"),
        postgres concat!(
            "SELECT ", override_columns!(), " FROM absentee_leocontactoverride WHERE region_id = $1 FOR NO KEY UPDATE"
        );
    PUT_OVERRIDE = concat!(
        "INSERT INTO absentee_leocontactoverride (", override_columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (region_id) DO UPDATE SET submission_method = excluded.submission_method, \
         email = excluded.email, phone = excluded.phone, fax = excluded.fax, notes = excluded.notes, \
         modified_at = excluded.modified_at"
    );
    REMOVE_OVERRIDE = "DELETE FROM absentee_leocontactoverride WHERE region_id = $1";
    LINK = concat!("SELECT ", link_columns!(), " FROM absentee_regionovbmlink WHERE region_id = $1");
    LOCK_LINK = concat!("SELECT ", link_columns!(), " FROM absentee_regionovbmlink WHERE region_id = $1"),
        postgres concat!(
            "SELECT ", link_columns!(), " FROM absentee_regionovbmlink WHERE region_id = $1 FOR NO KEY UPDATE"
        );
    PUT_LINK = concat!(
        "INSERT INTO absentee_regionovbmlink (", link_columns!(), ") VALUES ($1, $2, $3, $4) \
         ON CONFLICT (region_id) DO UPDATE SET url = excluded.url, modified_at = excluded.modified_at"
    );
    REMOVE_LINK = "DELETE FROM absentee_regionovbmlink WHERE region_id = $1";
}
