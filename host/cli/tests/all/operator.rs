//! An operator's ordinary story.
