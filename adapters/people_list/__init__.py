"""A list of the people concerned as people keep it, CSV or XLSX, read row by row in flat memory."""
