"""Mail about gifts and promises, by a real server."""
