"""The register of who agreed to what."""
