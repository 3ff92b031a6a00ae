"""Receipts for money: numbered without gaps, kept as they were issued, cancelled by another number."""
