//! What is generated and kept in the repository is what its generator makes.

mod c_bindings;
