"""The Stills page: pictures in, every face explained."""
