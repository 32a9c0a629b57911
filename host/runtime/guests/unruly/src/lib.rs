//! A provider that misbehaves on demand.
