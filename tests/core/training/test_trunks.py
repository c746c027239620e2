"""Several trunks in one network say exactly the weighted mean of all."""

import numpy as np
import pytest

from core.training.recipes import Recipe

SMALL = {"stage_widths": (4, 8), "stage_blocks": (1, 1)}
SLIMMER = {"stage_widths": (4, 6), "stage_blocks": (1, 2)}


def networks(count: int) -> list:
    from core.training.architectures import residual_network

    recipes = (Recipe("one", **SMALL), Recipe("other", **SMALL), Recipe("third-one", **SLIMMER))
    return [residual_network(recipe) for recipe in recipes[:count]]


@pytest.mark.parametrize(
    "shares",
    [
        pytest.param((0.0, 1.0), id="all of the second"),
        pytest.param((0.3, 0.7), id="two"),
        pytest.param((0.3, 0.5, 0.2), id="three, one of them slimmer"),
    ],
)
def test_the_logits_are_the_weighted_mean(shares: tuple[float, ...]):
    from core.training.trunks import side_by_side

    alone = networks(len(shares))
    together = side_by_side(alone, shares)
    faces = np.random.default_rng(0).uniform(0, 255, (3, 48, 48, 1)).astype(np.float32)
    said, each = together(faces), [model(faces) for model in alone]
    for head in ("fer7", "ferplus8"):
        expected = sum(
            share * np.asarray(one[head]) for share, one in zip(shares, each, strict=True)
        )
        assert np.asarray(said[head]) == pytest.approx(expected, abs=1e-4)


def test_what_is_made_of_a_network_is_made_of_several_trunks():
    from core.training.export import ReaderOptions, build_reader
    from core.training.trunks import side_by_side

    network = side_by_side(networks(3), (0.3, 0.4, 0.3))
    assert set(build_reader(network, ReaderOptions()).output) == {
        "logits",
        "activation",
        "embedding",
    }
