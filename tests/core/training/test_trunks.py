"""Two trunks in one network say exactly the weighted mean of both."""

import numpy as np
import pytest

from core.training.recipes import Recipe

SMALL = {"stage_widths": (4, 8), "stage_blocks": (1, 1)}


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_logits_are_the_weighted_mean(share: float):
    from core.training.architectures import residual_network
    from core.training.trunks import side_by_side

    first, second = (residual_network(Recipe(name, **SMALL)) for name in ("one", "other"))
    network = side_by_side(first, second, {"fer7": share, "ferplus8": share})
    faces = np.random.default_rng(0).uniform(0, 255, (3, 48, 48, 1)).astype(np.float32)
    both, one, other = (model(faces) for model in (network, first, second))
    for head in ("fer7", "ferplus8"):
        expected = share * np.asarray(one[head]) + (1 - share) * np.asarray(other[head])
        assert np.asarray(both[head]) == pytest.approx(expected, abs=1e-4)


def test_what_is_made_of_a_network_is_made_of_two_trunks():
    from core.training.architectures import residual_network
    from core.training.export import ReaderOptions, build_reader
    from core.training.trunks import side_by_side

    first, second = (residual_network(Recipe(name, **SMALL)) for name in ("one", "other"))
    network = side_by_side(first, second, {"fer7": 0.5, "ferplus8": 0.5})
    assert set(build_reader(network, ReaderOptions()).output) == {
        "logits",
        "activation",
        "embedding",
    }
