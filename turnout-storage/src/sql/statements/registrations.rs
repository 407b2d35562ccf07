//! Registrations.

macro_rules! columns {
    () => {
        "uuid, modified_at, status, title, first_name, middle_name, last_name, suffix, date_of_birth, \
         email, phone, gender, race_ethnicity, party, us_citizen, address1, address2, city, state_id, \
         zipcode, previous_title, previous_first_name, previous_middle_name, previous_last_name, \
         previous_suffix, previous_address1, previous_address2, previous_city, previous_state_id, \
         previous_zipcode, mailing_address1, mailing_address2, mailing_city, mailing_state_id, \
         mailing_zipcode, request_mailing_address1, request_mailing_address2, request_mailing_city, \
         request_mailing_state_id, request_mailing_zipcode, request_mailing_deliverable, sms_opt_in, \
         sms_opt_in_partner, referring_tool, state_fields, state_api_result, custom_ovr_link, \
         matched_region_id, region_id, result_item_id, result_item_mail_id, language, embed_url, \
         utm_campaign, utm_source, utm_medium, utm_term, utm_content, source, email_referrer, \
         mobile_referrer, session_id, action_id, partner_id, created_at"
    };
}

pub(crate) const COLUMNS: &str = columns!();

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM register_registration WHERE uuid = $1");
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK = concat!("SELECT ", columns!(), " FROM register_registration WHERE uuid = $1"),
        postgres concat!("SELECT ", columns!(), " FROM register_registration WHERE uuid = $1 FOR NO KEY UPDATE");
    BY_ACTION = concat!("SELECT ", columns!(), " FROM register_registration WHERE action_id = $1");
    BY_FILE = concat!(
        "SELECT ", columns!(), " FROM register_registration WHERE result_item_id = $1 OR result_item_mail_id = $1"
    );
    INSERT = concat!(
        "INSERT INTO register_registration (", columns!(), ") VALUES (\
         $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, \
         $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, \
         $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59, \
         $60, $61, $62, $63, $64, $65)"
    );
    /// Numbered as in `INSERT`, whose last three columns do not change.
    UPDATE = "UPDATE register_registration SET \
              modified_at = $2, status = $3, title = $4, first_name = $5, middle_name = $6, \
              last_name = $7, suffix = $8, date_of_birth = $9, email = $10, phone = $11, gender = $12, \
              race_ethnicity = $13, party = $14, us_citizen = $15, address1 = $16, address2 = $17, \
              city = $18, state_id = $19, zipcode = $20, previous_title = $21, \
              previous_first_name = $22, previous_middle_name = $23, previous_last_name = $24, \
              previous_suffix = $25, previous_address1 = $26, previous_address2 = $27, \
              previous_city = $28, previous_state_id = $29, previous_zipcode = $30, \
              mailing_address1 = $31, mailing_address2 = $32, mailing_city = $33, \
              mailing_state_id = $34, mailing_zipcode = $35, request_mailing_address1 = $36, \
              request_mailing_address2 = $37, request_mailing_city = $38, \
              request_mailing_state_id = $39, request_mailing_zipcode = $40, \
              request_mailing_deliverable = $41, sms_opt_in = $42, sms_opt_in_partner = $43, \
              referring_tool = $44, state_fields = $45, state_api_result = $46, custom_ovr_link = $47, \
              matched_region_id = $48, region_id = $49, result_item_id = $50, result_item_mail_id = $51, \
              language = $52, embed_url = $53, utm_campaign = $54, utm_source = $55, utm_medium = $56, \
              utm_term = $57, utm_content = $58, source = $59, email_referrer = $60, \
              mobile_referrer = $61, session_id = $62 WHERE uuid = $1";
}
