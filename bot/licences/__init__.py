"""Licences sold, as pages and commands: who verifies, and what was released under which terms."""
