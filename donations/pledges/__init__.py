"""Promises for an outcome: nobody is charged before it is there, and every end has an exit."""
