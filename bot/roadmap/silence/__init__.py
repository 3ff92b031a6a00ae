"""What nobody has spoken of for long: never closed while somebody wants it, pays for it or works on it."""
