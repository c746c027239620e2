"""What the sender of a photo reads."""

from __future__ import annotations

from core.analysis import FaceReading
from core.delivery.channel import Message
from core.delivery.telegram_channel import CAPTION_LETTERS
from core.expression.reading import Reading
from core.expression.wording import HONEST_LINE, MAY_BE_IN_PAIN, NOT_SURE, looks
from core.stills.photo_reader import PhotoAnswer

NO_FACE = (
    "No face was found in this picture. A face must be turned towards the camera, and not be too "
    "small or covered."
)

_PAIN = "pain"
_MOST_LABELS = 4
_LEAST_SHARE = 0.01


def photo_message(answer: PhotoAnswer) -> Message:
    """The marked picture, and under it each face in words and per cent.

    Faces that no longer fit under a picture are counted in a last line.
    """
    if not answer.faces:
        return Message(f"{NO_FACE}\n\n{HONEST_LINE}")
    count = len(answer.faces)
    lines = ["1 face" if count == 1 else f"{count} faces, row by row from the left"]
    room = CAPTION_LETTERS - len(HONEST_LINE) - 60
    for number, face in enumerate(answer.faces, start=1):
        line = _line(number, face, answer.sure_from)
        if len("\n".join([*lines, line])) > room:
            lines.append(f"… and {count - number + 1} more, marked in the picture.")
            break
        lines.append(line)
    return Message("\n".join([*lines, "", HONEST_LINE]), answer.picture_jpeg)


def _line(number: int, face: FaceReading, sure_from: float) -> str:
    if face.reading is None:
        why = ", ".join(face.quality.notes) or "hard to read"
        return f"Face {number} cannot be read: {why}."
    words = looks(face.reading, sure_from)
    said = f", {words}" if words == NOT_SURE else f" {words}"
    if face.may_be_in_pain:
        said = f" {MAY_BE_IN_PAIN}, please check"
    pain = ""
    if face.watched is not None and _PAIN not in face.reading.labels:
        pain = f"; pain score {face.watched.probability(_PAIN):.0%}"
    return f"Face {number}{said}: {_shares(face.reading)}{pain}"


def _shares(reading: Reading) -> str:
    ranked = sorted(zip(reading.probabilities, reading.labels, strict=True), reverse=True)
    told = [(share, label) for share, label in ranked[:_MOST_LABELS] if share >= _LEAST_SHARE]
    return ", ".join(f"{label} {share:.0%}" for share, label in told)
