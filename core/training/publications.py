"""The models that ship: which head of which runs each is, and what its card says."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.expression.labels import FER7, FERPLUS8
from core.training.export import ReaderOptions
from core.training.recipes import Recipe, recipe_named

HONEST = "It reads how a face looks, not what a person feels."
_DATA = (
    "FER2013, Training split (Goodfellow et al. 2013, arXiv 1307.0414), with the FERPlus votes "
    "(Barsoum et al. 2016, arXiv 1608.01041) as a second target."
)
_LICENCE = (
    "The weights are the project's own. FER2013's photos come from a web search and keep their "
    "owners' rights; none is shipped. The FERPlus votes are under the MIT licence."
)
_UPRIGHT = (
    "Trained on upright faces from the front: turned, covered or tilted heads are read badly.",
    "Children, old people and dark rooms are rare in its data and were not measured apart.",
)
_SEVEN_LIMITS = (
    HONEST,
    "More than one face in four is read otherwise than FER2013 labels it; people agree with those "
    "labels on about 65 % of the faces.",
    "Weak on fear and sadness, which it takes for each other and for neutral; few examples of "
    "disgust.",
    *_UPRIGHT,
)
_EIGHT_LIMITS = (
    HONEST,
    "Judged on faces on which more than half of ten people agreed; on the others it is less sure, "
    "and so are people.",
    "Contempt and disgust are rare in its data and are often missed.",
    *_UPRIGHT,
)


@dataclass(frozen=True)
class Publication:
    """One model made of one finished run or more.

    Attributes:
        name: of the model.
        shares: name of each run's recipe, and its share of the logits; several runs' trunks stand
            side by side in one network. The first one's history is shown.
        labels: its label set.
        reader: the network's output that gives them, and how the face reaches the network.
        title, description, data, licence, limits: for the card.
    """

    name: str
    shares: tuple[tuple[str, float], ...]
    title: str
    description: str
    labels: tuple[str, ...] = FER7
    reader: ReaderOptions = field(default_factory=ReaderOptions)
    data: str = _DATA
    licence: str = _LICENCE
    limits: tuple[str, ...] = _SEVEN_LIMITS

    @property
    def recipes(self) -> tuple[Recipe, ...]:
        """Of the runs, in their order."""
        return tuple(recipe_named(name) for name, _ in self.shares)


PUBLICATIONS = {
    one.name: one
    for one in (
        Publication(
            "mien7",
            (("polish", 0.4), ("base", 0.6)),
            "Mien, seven expressions",
            "Seven expressions on a grey face of 48 pixels; two trained trunks in one network.",
        ),
        Publication(
            "mien8",
            (("mien", 1.0),),
            "Mien, eight expressions",
            "FERPlus's eight expressions, contempt among them.",
            labels=FERPLUS8,
            reader=ReaderOptions(head="ferplus8"),
            limits=_EIGHT_LIMITS,
        ),
        Publication(
            "tiny",
            (("base", 1.0),),
            "Tiny, seven expressions",
            "The same seven expressions in a fraction of the time, for the slowest machines.",
            reader=ReaderOptions(crop_px=40, mirror=False),
        ),
    )
}


def publication_named(name: str) -> Publication:
    """The shipped model of this name, or one made of the recipe of this name."""
    if name in PUBLICATIONS:
        return PUBLICATIONS[name]
    recipe = recipe_named(name)
    return Publication(name, ((recipe.name, 1.0),), name, f"Trained with the recipe {name}.")
