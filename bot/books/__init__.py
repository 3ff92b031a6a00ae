"""The books of money as people meet them: a project's ledger, its downloads, and the proofs of reserves."""
