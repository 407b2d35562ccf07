-- Which records of other services belong to an action: letters at a mail house. An action has one letter, which nobody has
-- while `external_id` is empty.

CREATE TABLE integration_link (
    uuid BLOB NOT NULL PRIMARY KEY,
    external_tool TEXT,
    external_id TEXT,
    action_id BLOB REFERENCES action_action (uuid) DEFERRABLE INITIALLY DEFERRED,
    subscriber_id BLOB REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX integration_link_letter ON integration_link (action_id) WHERE external_tool = 'lob';
CREATE INDEX integration_link_external ON integration_link (external_id, external_tool);
CREATE INDEX integration_link_action ON integration_link (action_id);
