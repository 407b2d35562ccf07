-- By what those are found who may be on a contact list, when all that is known of an address is its key in the list of those
-- that are not mailed. It is noted when the first one is looked for; all zeros where there is no address.

ALTER TABLE integration_link ADD COLUMN address_key BLOB;
CREATE INDEX integration_link_address ON integration_link (address_key) WHERE address_key IS NOT NULL;
CREATE INDEX integration_link_unkeyed ON integration_link (uuid)
    WHERE external_tool = 'actionnetwork' AND address_key IS NULL;

ALTER TABLE integration_moverlead ADD COLUMN address_key BLOB;
CREATE INDEX integration_moverlead_address ON integration_moverlead (address_key) WHERE address_key IS NOT NULL;
CREATE INDEX integration_moverlead_unkeyed ON integration_moverlead (uuid) WHERE address_key IS NULL;
