"""What follows from money that moved: the processor is asked, the books are kept, people are told."""
