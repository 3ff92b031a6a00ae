"""The JSON API: what a program may read of a repository, with a token or without."""
