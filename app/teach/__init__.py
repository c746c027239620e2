"""The page that teaches one person's expressions."""
