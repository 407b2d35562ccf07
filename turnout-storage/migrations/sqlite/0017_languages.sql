-- The language in which a voter is written to, a BCP 47 tag, where a record had none yet; that of a subscriber's voters who
-- choose none; and that of a telephone number's last greeted voter. Who writes without an address is looked for by number.

ALTER TABLE verifier_lookup ADD COLUMN language TEXT;
ALTER TABLE reminder_reminderrequest ADD COLUMN language TEXT;
ALTER TABLE multi_tenant_client ADD COLUMN language TEXT;
ALTER TABLE smsbot_number ADD COLUMN language TEXT;

CREATE INDEX voter_voter_phone ON voter_voter (phone, modified_at, uuid);
