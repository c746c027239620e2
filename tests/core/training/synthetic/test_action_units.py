import pytest

from core.training.synthetic.action_units import ExpressionPose, between


def both(**units: float) -> ExpressionPose:
    return ExpressionPose(units, units)


@pytest.mark.parametrize(
    ("pose", "pspi"),
    [
        pytest.param(both(), 0.0, id="at rest"),
        pytest.param(both(AU4=1), 5.0, id="brows lowered"),
        pytest.param(both(AU6=0.4, AU7=0.8), 4.0, id="the stronger of cheek and lid"),
        pytest.param(both(AU6=0.8, AU7=0.4), 4.0, id="the stronger of lid and cheek"),
        pytest.param(both(AU9=0.2, AU10=0.6), 3.0, id="the stronger of lip and nose"),
        pytest.param(both(AU9=0.6, AU10=0.2), 3.0, id="the stronger of nose and lip"),
        pytest.param(both(AU43=1), 1.0, id="closed eyes count once"),
        pytest.param(both(AU43=0.5), 0.0, id="half-closed eyes do not"),
        pytest.param(both(AU4=1, AU6=1, AU7=1, AU9=1, AU10=1, AU43=1), 16.0, id="strongest pain"),
        pytest.param(both(AU1=1, AU2=1, AU5=1, AU12=1, AU26=1), 0.0, id="other action units"),
        pytest.param(ExpressionPose({"AU4": 1.0}, {}), 2.5, id="one half of the face"),
    ],
)
def test_pain_intensity_is_the_published_formula(pose: ExpressionPose, pspi: float) -> None:
    assert pose.pspi() == pytest.approx(pspi)


def test_each_half_of_the_face_moves_its_own_shapes() -> None:
    weights = ExpressionPose({"AU12": 1.0}, {"AU12": 0.5}).shape_weights()
    assert weights["mouthSmile_L"] == pytest.approx(2 * weights["mouthSmile_R"])


def test_lids_never_pass_each_other() -> None:
    assert both(AU7=1, AU43=1).shape_weights()["eyeBlink_L"] == 1.0


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_between_two_poses(share: float) -> None:
    pose = between(both(AU4=1), both(AU12=0.8), share)
    assert pose.strength("AU4") == pytest.approx(1 - share)
    assert pose.strength("AU12") == pytest.approx(0.8 * share)
