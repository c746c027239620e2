"""Training, evaluation and publishing of expression models. The only package that loads Keras."""
