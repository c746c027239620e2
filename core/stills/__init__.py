"""Still pictures: every face of a photo, read once."""
