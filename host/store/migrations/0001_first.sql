-- One text for SQLite and PostgreSQL. Ids and JSON are TEXT, moments are milliseconds since the Unix epoch,
-- {blob} is the database's own type for bytes.

-- Raised by every change that a running host must notice.
CREATE TABLE revision (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    value BIGINT NOT NULL
);
INSERT INTO revision (one, value) VALUES (1, 0);

CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    token {blob} NOT NULL,
    application TEXT,
    public_key TEXT,
    transport TEXT NOT NULL,
    desired TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    created_at BIGINT NOT NULL
);

CREATE TABLE components (
    digest TEXT NOT NULL PRIMARY KEY,
    provider TEXT NOT NULL,
    version TEXT NOT NULL,
    manifest TEXT NOT NULL,
    component {blob} NOT NULL,
    installed_at BIGINT NOT NULL
);
CREATE INDEX components_by_provider ON components (provider);

CREATE TABLE providers (
    id TEXT NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL REFERENCES components (digest)
);

CREATE TABLE enablement (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    provider TEXT NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
    enabled_at BIGINT NOT NULL,
    PRIMARY KEY (account, provider)
);

-- A delivery outlives its account and its provider, so it refers to neither.
CREATE TABLE deliveries (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT,
    provider TEXT NOT NULL,
    digest TEXT NOT NULL,
    command TEXT NOT NULL,
    arguments TEXT NOT NULL,
    trigger TEXT NOT NULL,
    member TEXT,
    guild TEXT,
    channel TEXT,
    audience TEXT NOT NULL,
    locale TEXT NOT NULL,
    sensitive_allowed BOOLEAN NOT NULL,
    next TEXT,
    cached BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    message TEXT,
    reason TEXT,
    settled_at BIGINT
);
CREATE INDEX deliveries_seen ON deliveries (provider, audience, created_at);
CREATE INDEX deliveries_by_account ON deliveries (account, id);
CREATE INDEX deliveries_by_member ON deliveries (member, id);
CREATE INDEX deliveries_pending ON deliveries (created_at) WHERE state = 'pending';

CREATE TABLE items (
    delivery TEXT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    item TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT,
    url TEXT,
    json TEXT NOT NULL,
    PRIMARY KEY (delivery, position)
);

CREATE TABLE votes (
    delivery TEXT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    member TEXT NOT NULL,
    vote BIGINT NOT NULL CHECK (vote IN (-1, 1)),
    voted_at BIGINT NOT NULL,
    PRIMARY KEY (delivery, member)
);

CREATE TABLE reports (
    delivery TEXT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    member TEXT NOT NULL,
    reported_at BIGINT NOT NULL,
    PRIMARY KEY (delivery, member)
);

-- A favourite outlives the delivery that brought it: it keeps its own copy of the item.
CREATE TABLE favourites (
    member TEXT NOT NULL,
    provider TEXT NOT NULL,
    item TEXT NOT NULL,
    delivery TEXT NOT NULL,
    json TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (member, provider, item)
);
CREATE INDEX favourites_by_moment ON favourites (member, saved_at);

-- The host's own keys, such as the one that signs buttons.
CREATE TABLE service_keys (
    name TEXT NOT NULL PRIMARY KEY,
    key {blob} NOT NULL
);
