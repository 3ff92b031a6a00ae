"""A guardian without an account: a form on paper, and the maintainers' page that records it."""
