"""Updates: how the work on a request, or on a milestone, goes, in words of those who do it."""
