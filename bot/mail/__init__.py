"""Mail to people about their money: written with what it is about, carried by whoever can."""
