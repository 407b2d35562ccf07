-- Why a text failed.

ALTER TABLE smsbot_smsmessage ADD COLUMN failure text;
