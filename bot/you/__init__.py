"""What a person sees and can do with what is written down of them."""
