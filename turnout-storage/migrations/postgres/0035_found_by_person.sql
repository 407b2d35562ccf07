-- What is kept of one person is found by its addresses, numbers and visits, and what is old by its age, without reading whole
-- tables: a transaction that does so is a long one. Deliveries are as old as when they were last put in line.

CREATE INDEX register_registration_email ON register_registration (lower(email)) WHERE lower(email) IS NOT NULL;
CREATE INDEX absentee_ballotrequest_email ON absentee_ballotrequest (lower(email)) WHERE lower(email) IS NOT NULL;
CREATE INDEX verifier_lookup_email ON verifier_lookup (lower(email)) WHERE lower(email) IS NOT NULL;
CREATE INDEX reminder_reminderrequest_email ON reminder_reminderrequest (lower(email)) WHERE lower(email) IS NOT NULL;
CREATE INDEX voter_voter_email ON voter_voter (lower(email)) WHERE lower(email) IS NOT NULL;
CREATE INDEX storage_storageitem_email ON storage_storageitem (lower(email)) WHERE lower(email) IS NOT NULL;
CREATE INDEX integration_moverlead_email ON integration_moverlead (lower(email)) WHERE lower(email) IS NOT NULL;
CREATE INDEX polling_place_pollingplacelookup_session ON polling_place_pollingplacelookup (session_id)
    WHERE session_id IS NOT NULL;
CREATE INDEX blast_recipient_phone ON blast_recipient (phone);

CREATE INDEX integration_moverlead_changed ON integration_moverlead (modified_at, uuid);
CREATE INDEX voter_voter_changed ON voter_voter (modified_at, uuid);
CREATE INDEX smsbot_blast_finished ON smsbot_blast (finished_at, uuid) WHERE finished_at IS NOT NULL;
CREATE INDEX webhook_delivery_queued ON webhook_delivery (queued_at, uuid);
DROP INDEX webhook_delivery_old;
