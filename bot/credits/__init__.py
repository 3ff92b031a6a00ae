"""The register of contributions: who asked, told, tested, wrote, drew, helped, with evidence."""
