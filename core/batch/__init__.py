"""Folders of pictures and recorded videos, read with the same pipeline as the camera."""
