-- What calls of providers cost and how they ended, summed by day. A measure that is a peak keeps its largest value.
CREATE TABLE statistics (
    provider TEXT NOT NULL,
    -- The version of the provider, which may be gone.
    digest TEXT NOT NULL,
    -- In UTC, such as 2026-03-01.
    day TEXT NOT NULL,
    measure TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (provider, day, digest, measure)
);
CREATE INDEX statistics_by_day ON statistics (day);

-- The last lines that each provider logged.
CREATE TABLE provider_logs (
    provider TEXT NOT NULL,
    -- Counts up for each provider, without gaps.
    position BIGINT NOT NULL,
    logged_at BIGINT NOT NULL,
    level TEXT NOT NULL,
    line TEXT NOT NULL,
    -- Of the line.
    bytes BIGINT NOT NULL,
    PRIMARY KEY (provider, position)
);

-- The position of each provider's last line. Its row is locked while lines are added, so that several hosts take turns.
CREATE TABLE provider_log_ends (
    provider TEXT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);
