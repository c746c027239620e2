"""The pain model: from rendered faces and pseudo-labels to a card, without a patient's data."""
