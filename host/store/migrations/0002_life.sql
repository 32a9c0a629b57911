-- The life of a provider: its versions, what it was granted, its settings and secrets, and who changed what.
-- What serves stays in providers.digest, so that a provider which was installed before goes on serving.

ALTER TABLE providers ADD COLUMN previous TEXT REFERENCES components (digest);

-- Where a component came from and whose signature it carried; unknown for those installed before.
ALTER TABLE components ADD COLUMN origin TEXT;
ALTER TABLE components ADD COLUMN signer TEXT;
-- When it served last; a component that never did is forgotten where it is given up.
ALTER TABLE components ADD COLUMN served_at BIGINT;
UPDATE components SET served_at = installed_at;

-- A version that was installed and does not serve yet. A provider that never served has no row in providers.
CREATE TABLE waiting (
    provider TEXT NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL REFERENCES components (digest),
    since BIGINT NOT NULL
);

CREATE TABLE grants (
    digest TEXT NOT NULL REFERENCES components (digest) ON DELETE CASCADE,
    capability TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    granted_by TEXT NOT NULL,
    PRIMARY KEY (digest, capability)
);

-- The account is empty in the rows that hold for every account without a row of its own.
CREATE TABLE settings (
    provider TEXT NOT NULL,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (provider, account, name)
);

CREATE TABLE secrets (
    provider TEXT NOT NULL,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    value {blob} NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (provider, account, name)
);

-- Positions have no gaps, and their order is that of the changes.
CREATE TABLE audit (
    position BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_by_subject ON audit (subject, position);

-- What operators should know; one row for what happens again and again, until they cleared it.
CREATE TABLE notifications (
    kind TEXT NOT NULL,
    provider TEXT NOT NULL,
    account TEXT NOT NULL,
    detail TEXT NOT NULL,
    times BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (kind, provider, account)
);
