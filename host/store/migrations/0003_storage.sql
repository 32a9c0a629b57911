-- What providers keep. The owner says whose it is: the whole provider's, a guild's, a member's (see `DataOwner`). A key is any
-- UTF-8, with zero bytes too, and keys order by their bytes.

-- What a provider's entries come to: key and value of each. Its row is locked by whoever changes entries. It doesn't refer
-- to providers, as a version that waits is called before it serves.
CREATE TABLE storage_use (
    provider TEXT NOT NULL PRIMARY KEY,
    bytes BIGINT NOT NULL
);

CREATE TABLE storage (
    provider TEXT NOT NULL REFERENCES storage_use (provider) ON DELETE CASCADE,
    owner TEXT NOT NULL,
    key {blob} NOT NULL,
    value {blob} NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (provider, owner, key)
);
CREATE INDEX storage_by_owner ON storage (owner);
CREATE INDEX storage_expiring ON storage (expires_at) WHERE expires_at IS NOT NULL;
