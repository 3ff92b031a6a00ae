"""What a project sells: products, the gate before each sale, and what follows from how it is paid."""
