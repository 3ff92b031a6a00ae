"""Receipts: a PDF/A of what somebody signed, with the exact bytes attached, that proves itself."""
