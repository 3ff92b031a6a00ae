"""What an audit says of clones with a history that was made for it."""
