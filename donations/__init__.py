"""The register of money."""
