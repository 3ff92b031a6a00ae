"""May this code be handed out under a target? Judged line by line, from values alone."""
