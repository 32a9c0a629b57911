//! The playground: a real server and browser, the real sandbox.

mod api;
mod browser;
mod building;
mod fixture;
mod guard;
mod page;
mod states;
