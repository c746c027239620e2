"""Labelled faces from files and folders: `load` recognises what it is given."""

from core.training.datasets.faces import LabelledFaces, Split
from core.training.datasets.fer2013 import load_fer2013, load_ferplus, twins_of
from core.training.datasets.framing import Framing, WithoutFace
from core.training.datasets.load import Dataset, joined, load
from core.training.datasets.report import LoadReport, Skipped

__all__ = [
    "Dataset",
    "Framing",
    "LabelledFaces",
    "LoadReport",
    "Skipped",
    "Split",
    "WithoutFace",
    "joined",
    "load",
    "load_fer2013",
    "load_ferplus",
    "twins_of",
]
