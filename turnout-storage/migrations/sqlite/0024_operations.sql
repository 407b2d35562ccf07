-- What the pages of the people who run the service read: newest first, of one subscriber, of one number. And which accounts
-- did what with a blast, which point nowhere, as do those of keys.

ALTER TABLE smsbot_blast ADD COLUMN planned_by_id BLOB;
ALTER TABLE smsbot_blast ADD COLUMN tested_by_id BLOB;
ALTER TABLE smsbot_blast ADD COLUMN approved_by_id BLOB;
ALTER TABLE smsbot_blast ADD COLUMN started_by_id BLOB;
ALTER TABLE smsbot_blast ADD COLUMN stopped_by_id BLOB;

CREATE INDEX apikey_apikey_newest ON apikey_apikey (created_at, uuid);
CREATE INDEX fax_fax_newest ON fax_fax (created_at, uuid);
CREATE INDEX fax_fax_status ON fax_fax (status, created_at, uuid);
CREATE INDEX integration_link_newest_letter ON integration_link (created_at, uuid) WHERE external_tool = 'lob';
CREATE INDEX integration_link_letter_subscriber ON integration_link (subscriber_id, created_at, uuid)
    WHERE external_tool = 'lob';
CREATE INDEX job_dead_ended ON job (finished_at, uuid) WHERE state = 'dead';
CREATE INDEX multi_tenant_partnerslug_newest ON multi_tenant_partnerslug (created_at, uuid);
CREATE INDEX multi_tenant_partnerslug_of ON multi_tenant_partnerslug (partner_id, created_at, uuid);
CREATE INDEX smsbot_blast_newest ON smsbot_blast (created_at, uuid);
CREATE INDEX smsbot_number_newest ON smsbot_number (created_at, uuid);
CREATE INDEX smsbot_number_uuid ON smsbot_number (uuid);
CREATE INDEX smsbot_smsmessage_newest ON smsbot_smsmessage (created_at, uuid);
CREATE INDEX storage_storageitem_newest ON storage_storageitem (created_at, uuid);
CREATE INDEX storage_storageitem_of ON storage_storageitem (partner_id, created_at, uuid);
