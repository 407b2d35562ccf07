-- Where each is shown the way to, and from where; the addresses are forgotten when the blast is done.

ALTER TABLE smsbot_blast ADD COLUMN map TEXT;
ALTER TABLE blast_recipient ADD COLUMN address TEXT;
