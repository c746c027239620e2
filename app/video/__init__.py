"""The Video page: a recorded video in, its timeline and its strongest moments out."""
