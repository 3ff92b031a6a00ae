"""Updates on the work, from the comment or the form to the letters of those who gave."""
