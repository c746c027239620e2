"""Label sets of the field, in the order in which their data sets number them."""

from __future__ import annotations

FER7 = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
"""FER2013's seven classes (Goodfellow et al. 2013, arXiv 1307.0414)."""

FERPLUS8 = ("neutral", "happy", "surprise", "sad", "angry", "disgust", "fear", "contempt")
"""FERPlus's eight classes (Barsoum et al. 2016, arXiv 1608.01041), in its own column order."""

NEGATIVE = frozenset({"angry", "disgust", "fear", "sad", "pain"})
"""Labels that the signal "any negative expression" adds up."""
