-- Which records of other services belong to an action: letters at a mail house. An action has one letter, which nobody has
-- while `external_id` is empty.

CREATE TABLE integration_link (
    uuid uuid NOT NULL PRIMARY KEY,
    external_tool text,
    external_id text,
    action_id uuid REFERENCES action_action (uuid) DEFERRABLE INITIALLY DEFERRED,
    subscriber_id uuid REFERENCES multi_tenant_client (uuid) DEFERRABLE INITIALLY DEFERRED,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX integration_link_letter ON integration_link (action_id) WHERE external_tool = 'lob';
CREATE INDEX integration_link_external ON integration_link (external_id, external_tool);
CREATE INDEX integration_link_action ON integration_link (action_id);
