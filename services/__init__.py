"""One step of the work: one use case a file, one public function a file."""
