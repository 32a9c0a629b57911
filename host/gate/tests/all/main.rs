//! The gate through its public interface.
