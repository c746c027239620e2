"""What a face looks like it expresses: labels, readings, classifiers and model cards."""
