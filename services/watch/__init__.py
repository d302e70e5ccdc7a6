"""The watch on the watch: whether everything is awake that people rely on."""
