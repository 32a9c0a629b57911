//! Empty on purpose: see `host/discord/src/gateway.rs` for who holds the socket.
