"""From the first report to the closed file: what people learn and decide about one breach."""
