"""What ships is made of known recipes, whose shares of the logits are all there is."""

import pytest

from core.errors import ConfigurationError
from core.training.figures import SHIPPED

pytest.importorskip("keras")

from core.training.publications import PUBLICATIONS, publication_named


@pytest.mark.parametrize("publication", PUBLICATIONS.values(), ids=PUBLICATIONS)
def test_the_shares_of_all_trunks_are_the_whole(publication) -> None:
    assert publication.name in SHIPPED
    assert sum(share for _, share in publication.shares) == pytest.approx(1)
    assert [recipe.name for recipe in publication.recipes] == [
        name for name, _ in publication.shares
    ]


def test_a_recipe_can_be_published_alone() -> None:
    assert publication_named("polish").shares == (("polish", 1.0),)
    with pytest.raises(ConfigurationError, match="no recipe"):
        publication_named("unknown")
