"""The loop closes: who wanted something is told that it is there, and says whether it does their job."""
