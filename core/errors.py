"""The one error tree: every error has a sentence for the person and a cause for the log."""


class MienError(Exception):
    """Something that the person at the screen should be told.

    Args:
        sentence: what happened, what was kept and what to do next, in plain words. It never
            contains secrets or names of people.
        cause: the technical reason, for the log. Never shown on a page.
    """

    def __init__(self, sentence: str, cause: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.cause = cause or sentence

    def __str__(self) -> str:
        return self.sentence


class ConfigurationError(MienError):
    """The program was set up in a way that cannot work."""


class PhotoError(MienError):
    """An uploaded picture cannot be used."""


class VideoError(MienError):
    """A video file cannot be read."""


class BatchError(MienError):
    """Files cannot be read one after the other, or no further; what was done is kept."""


class ModelError(MienError):
    """A model's folder cannot be used: a file is missing or does not match its card."""


class DetectorError(MienError):
    """A face detector cannot be built on this installation."""


class DatasetError(MienError):
    """Training or evaluation data cannot be used."""


class TrainingError(MienError):
    """A training run cannot begin or go on; what it has kept stays."""


class RuleError(MienError):
    """An alert rule makes no sense."""


class RecordsError(MienError):
    """The database cannot be used."""


class TableError(MienError):
    """A table or archive cannot be written, or is none that can be read."""


class DeliveryError(MienError):
    """A message could not be delivered."""
