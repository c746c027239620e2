"""The Models page: every installed model as it was measured, and the choice of the one in use."""
