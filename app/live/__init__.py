"""The Live page: the bridge to the browser's camera and what stands beside the picture."""
