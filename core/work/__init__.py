"""What all work that takes long needs: a folder, an estimate of its end, a pace to tell it at."""
