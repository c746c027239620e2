"""Records as files to take away, written by a process of their own."""
