"""What nobody has spoken of for long: kept while people want it, asked about, then declined."""
