"""Writes `models/pain/` from a finished run."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import keras
import numpy as np

from core.clock import Clock
from core.errors import ModelError
from core.expression.card import ModelCard
from core.expression.labels import FER7
from core.expression.litert import LiteRtClassifier
from core.expression.metrics import fitted_temperature
from core.training.architectures import FACE_PX
from core.training.checkpoints import RunFolder
from core.training.datasets import LabelledFaces, Split, load_fer2013
from core.training.evaluate import RENDERED_FILE, tflite_logits
from core.training.export import ReaderOptions, build_reader, converted
from core.training.loading import load_network
from core.training.pain.evaluate import Values
from core.training.pain.network import LABELS_HEAD, composed, labels_network
from core.training.pain.recipe import PAIN, PAIN_LABELS, PainRecipe
from core.training.publish import model_file, new_folder, write_history, write_measured
from core.training.synthetic.contact_sheet import write_contact_sheet
from core.training.synthetic.dataset import load_rendered

THRESHOLD = 0.5
"""The pain logit is shifted so that the chosen threshold is one half: from there on pain is also
the likeliest label."""

# Of PublicTest, which leaves room for the chance of another split: the aims on PrivateTest are at
# most 1 % of happy and neutral faces and at most 5 % of all others.
_MOST_AT_EASE, _MOST_OTHERS = 0.005, 0.03

_DESCRIPTION = (
    "The seven expressions, and pain: brows drawn down, eyes tightened or closed, upper lip and "
    "nose raised. For the alert."
)
_DATA = (
    "FER2013, Training split (Goodfellow et al. 2013, arXiv 1307.0414). Pain in its faces: action "
    "units from MediaPipe's FaceLandmarker as a teacher, then 700 of the faces that it or an "
    "expression network found most painful, judged by eye on contact sheets. Beside them faces "
    "rendered from ICT-FaceKit with known action units, in every class (contact_sheet.jpg)."
)
_LICENCE = (
    "The weights are the project's own. FER2013's photos come from a web search and keep their "
    "owners' rights; none is shipped. ICT-FaceKit: MIT, USC Institute for Creative Technologies. "
    "MediaPipe FaceLandmarker: Apache 2.0, used while training only."
)
_LIMITS = (
    "It reads how a face looks, not what a person feels. Pain often does not show in the face.",
    "No picture of a patient was used: it learnt from rendered faces and from photos that were "
    "judged by eye, and many of those show crying children.",
    "It has not been validated clinically and must not decide about treatment.",
    "Crying, screaming, a sneeze or a hard squint into the sun can look the same and are called "
    "pain.",
    "Pain is a score: one half is the threshold chosen on FER2013, not a chance of one in two.",
    "Old people, dark rooms, covered faces and heads turned away are rare in its data and were "
    "not measured apart.",
)


@dataclass(frozen=True)
class PainSources:
    """Where publishing takes things from.

    Attributes:
        run: the folder of the finished run.
        parent: the Keras file of the expression network.
        data: the FER2013 npz.
        rendered: a rendered set of people whom the run has not seen; it is published too.
    """

    run: Path
    parent: Path
    data: Path
    rendered: Path


def publish_pain(recipe: PainRecipe, sources: PainSources, target: Path, clock: Clock) -> None:
    """Exports the run, chooses its threshold on PublicTest, measures it and writes its folder.

    Raises:
        ModelError: the run has nothing to publish, or its parent is another network.
        DatasetError: the evaluation data is missing.
    """
    rendered = load_rendered(sources.rendered)
    public = load_fer2013(sources.data, Split.PUBLIC)
    run = RunFolder(sources.run)
    keras.mixed_precision.set_global_policy("float32")
    network = labels_network(_trained(run), sources.parent, recipe)
    with new_folder(target) as folder:
        card = _calibrated(network, folder, public, clock)
        write_history(folder, run, recipe=asdict(recipe))
        write_contact_sheet(rendered, folder / "contact_sheet.jpg")
        shutil.copy(sources.rendered, folder / RENDERED_FILE)
        write_measured(card, folder, sources.data)


def _trained(run: RunFolder) -> keras.Model:
    from core.training.pain.train import known_error  # noqa: F401  Named in the file.

    if not run.last.exists():
        raise ModelError("There are no weights of the pain recipe in this run yet.")
    return load_network(run.last)


def _calibrated(
    network: keras.Model, folder: Path, public: LabelledFaces, clock: Clock
) -> ModelCard:
    """Writes the network, its pain logit shifted to the threshold, and describes it."""
    card = _written(network, folder, clock)
    logits = tflite_logits(LiteRtClassifier(card, (folder / card.tflite.name).read_bytes()), public)
    temperature = round(fitted_temperature(logits[:, : len(FER7)], public.label_index), 4)
    shift = temperature * chosen_log_odds(logits / temperature, public)
    head = network.get_layer(LABELS_HEAD)
    kernel, bias = head.get_weights()
    bias[-1] -= shift
    head.set_weights([kernel, bias])
    return replace(_written(network, folder, clock), temperature=temperature)


def chosen_log_odds(logits: Values, faces: LabelledFaces) -> float:
    """The lowest log-odds of pain that keeps both rates of false alarms on these faces.

    Args:
        logits: (n, 8), temperature applied, pain last.
        faces: of which none is labelled as in pain.
    """
    log_odds = logits[:, -1] - np.logaddexp.reduce(logits[:, :-1], axis=1)
    at_ease = np.isin(np.array(faces.labels)[faces.label_index], ("happy", "neutral"))
    limits = ((log_odds[at_ease], _MOST_AT_EASE), (log_odds[~at_ease], _MOST_OTHERS))
    return max(float(np.quantile(odds, 1 - most)) for odds, most in limits if len(odds))


def _written(network: keras.Model, folder: Path, clock: Clock) -> ModelCard:
    reader = build_reader(network, ReaderOptions(head=LABELS_HEAD))
    outputs = {**reader.output, "logits": composed(reader.output["logits"])}
    network.save(folder / "model.keras")
    tflite = converted(keras.Model(reader.input, outputs))
    (folder / "model.tflite").write_bytes(tflite)
    return ModelCard(
        name=folder.name,
        title="Mien, seven expressions and pain",
        description=_DESCRIPTION,
        labels=PAIN_LABELS,
        input_px=FACE_PX,
        colour="grey",
        scaling="values 0 to 255 as they are; the network standardises each face itself",
        temperature=1.0,
        keras=model_file(folder / "model.keras"),
        tflite=model_file(folder / "model.tflite"),
        weights=network.count_params(),
        data=_DATA,
        licence=_LICENCE,
        limits=_LIMITS,
        figures={},
        figures_command=(
            f"python -m core.training evaluate --model {folder.name} --data fer2013.npz "
            "--split private --json"
        ),
        figures_date=clock.now_utc().date().isoformat(),
        outputs=("logits", "activation", "embedding"),
        thresholds={PAIN: THRESHOLD},
    )
