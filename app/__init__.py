"""What the dashboard needs around the library: the server, charts, widgets and the camera."""
