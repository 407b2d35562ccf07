-- Every registration that the first subscriber sees, as its export has them: columns and titles by flows.md 18.1, what became of
-- an action by domain.md 5.1. It is written by hand, from the tables alone: what the export is compared with must not be made by it.
WITH happened AS (
    SELECT action_id, array_agg(event_type) AS kinds, max(modified_at) AS latest
    FROM event_tracking_event
    GROUP BY action_id
)
SELECT
    r.uuid AS "ID",
    pg_temp.words(c.name) AS "Subscriber",
    pg_temp.moment(r.created_at) AS "Time Started (UTC)",
    pg_temp.words(r.previous_title) AS "Previous Title",
    pg_temp.words(r.previous_first_name) AS "Previous First Name",
    pg_temp.words(r.previous_middle_name) AS "Previous Middle Name",
    pg_temp.words(r.previous_last_name) AS "Previous Last Name",
    pg_temp.words(r.previous_suffix) AS "Previous Suffix",
    pg_temp.words(r.title) AS "Title",
    pg_temp.words(r.first_name) AS "First Name",
    pg_temp.words(r.middle_name) AS "Middle Name",
    pg_temp.words(r.last_name) AS "Last Name",
    pg_temp.words(r.suffix) AS "Suffix",
    to_char(r.date_of_birth, 'YYYY-MM-DD') AS "Date of Birth",
    pg_temp.words(r.gender) AS "Gender",
    pg_temp.words(r.race_ethnicity) AS "Race-Ethnicity",
    pg_temp.yes(r.us_citizen) AS "US Citizen",
    pg_temp.words(r.party) AS "Party",
    pg_temp.words(r.email) AS "Email",
    pg_temp.phone(r.phone) AS "Phone",
    pg_temp.words(r.address1) AS "Address 1",
    pg_temp.words(r.address2) AS "Address 2",
    pg_temp.words(r.city) AS "City",
    pg_temp.words(r.zipcode) AS "Zipcode",
    pg_temp.words(r.state_id) AS "State",
    pg_temp.words(r.previous_address1) AS "Previous Address 1",
    pg_temp.words(r.previous_address2) AS "Previous Address 2",
    pg_temp.words(r.previous_city) AS "Previous City",
    pg_temp.words(r.previous_state_id) AS "Previous State",
    pg_temp.words(r.previous_zipcode) AS "Previous Zipcode",
    pg_temp.words(r.mailing_address1) AS "Mailing Address 1",
    pg_temp.words(r.mailing_address2) AS "Mailing Address 2",
    pg_temp.words(r.mailing_city) AS "Mailing City",
    pg_temp.words(r.mailing_state_id) AS "Mailing State",
    pg_temp.words(r.mailing_zipcode) AS "Mailing Zipcode",
    pg_temp.yes(r.sms_opt_in) AS "VoteAmerica SMS Opt In",
    pg_temp.yes(r.sms_opt_in_partner) AS "Subscriber SMS Opt In",
    pg_temp.yes(coalesce(h.kinds && ARRAY[
        'Finish', 'FinishExternal', 'FinishExternalAPI', 'FinishExternalConfirmed', 'FinishLEO', 'FinishLEOFaxPending',
        'FinishLEOFaxSent', 'FinishLEOFaxFailed', 'Download', 'FinishLobConfirm'
    ], false)) AS "Completed",
    pg_temp.yes(coalesce(h.kinds && ARRAY['FinishPrint'], false)) AS "PDF Emailed to Voter",
    pg_temp.yes(coalesce(h.kinds && ARRAY['FinishExternal', 'FinishExternalConfirmed'], false))
        AS "Redirected To State Website",
    pg_temp.yes(coalesce(h.kinds && ARRAY[
        'FinishLEO', 'FinishLEOFaxPending', 'FinishLEOFaxSent', 'FinishLEOFaxFailed'
    ], false)) AS "PDF Submitted to LEO",
    CASE WHEN 'FinishPrint' = ANY (h.kinds) THEN cardinality(array_positions(h.kinds, 'Download')) END
        AS "Total Self Print Downloads",
    pg_temp.yes(coalesce(h.kinds && ARRAY['FinishLobConfirm'], false)) AS "Total Forms Mailed With Return Envelopes",
    pg_temp.words(r.source) AS "source",
    pg_temp.words(r.utm_source) AS "utm_source",
    pg_temp.words(r.utm_medium) AS "utm_medium",
    pg_temp.words(r.utm_campaign) AS "utm_campaign",
    pg_temp.words(r.utm_content) AS "utm_content",
    pg_temp.words(r.utm_term) AS "utm_term",
    pg_temp.words(r.embed_url) AS "Embed URL",
    r.session_id AS "Session ID",
    pg_temp.words(r.referring_tool) AS "Referring Tool",
    pg_temp.moment(greatest(r.modified_at, h.latest)) AS "Updated At (UTC)"
FROM register_registration r
JOIN action_action a ON a.uuid = r.action_id
JOIN multi_tenant_client c ON c.uuid = r.partner_id
LEFT JOIN happened h ON h.action_id = r.action_id
WHERE r.partner_id = '00000000-0000-0000-0000-000000000001' AND a.visible_to_subscriber
ORDER BY r.created_at, r.uuid
