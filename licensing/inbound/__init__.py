"""What comes in with a pull request: licences of files and of dependencies, against selling it closed."""
