"""The check `potluck/inbound`: what comes in with a pull request, against selling the whole closed."""
