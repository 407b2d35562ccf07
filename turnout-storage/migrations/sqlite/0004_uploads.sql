-- Pictures that voters uploaded, and the work that is left of deletions: purged rows that still have a key.

CREATE TABLE storage_secureuploaditem (
    uuid BLOB NOT NULL PRIMARY KEY,
    upload_type TEXT NOT NULL,
    file TEXT NOT NULL,
    content_type TEXT NOT NULL,
    purged TEXT,
    created_at TEXT NOT NULL,
    modified_at TEXT NOT NULL
) STRICT;
CREATE INDEX storage_secureuploaditem_unpurged ON storage_secureuploaditem (created_at, uuid) WHERE purged IS NULL;
CREATE INDEX storage_secureuploaditem_undeleted ON storage_secureuploaditem (purged, uuid)
    WHERE purged IS NOT NULL AND file <> '';
CREATE INDEX storage_storageitem_undeleted ON storage_storageitem (purged, uuid)
    WHERE purged IS NOT NULL AND file <> '';
