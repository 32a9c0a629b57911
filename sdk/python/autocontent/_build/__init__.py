"""Programs that `autocontent provider build` runs with the author's Python; nothing here gets into a component."""
