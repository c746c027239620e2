"""Faces rendered from a 3D face model, with the action units as the controls."""
