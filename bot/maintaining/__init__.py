"""What maintainers see and use: pages on their repository, behind GitHub's word for their role."""
