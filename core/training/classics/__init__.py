"""Recipes that others have used: one network, one head, hard labels, any label set."""
