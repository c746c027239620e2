"""Pictures of each label: from files or from the camera, and which faces were found in them."""

from __future__ import annotations

import streamlit as st

from app import composition
from app.palette import swatch
from app.stills.intake import progress_text
from app.teach.desk import Desk
from app.words import counted, plain
from core.clock import SystemClock
from core.teaching.examples import Example, ExampleReader
from core.teaching.lesson import FEWEST_PER_LABEL, RECOMMENDED_PER_LABEL
from core.vision.jpeg import as_jpeg

_THUMBNAIL_PX = 96
_MOST_SENTENCES = 3

_ADVICE = (
    f"About {RECOMMENDED_PER_LABEL} or more each serve well; {FEWEST_PER_LABEL} are the least. "
    "Take them in different light, on different days, from a little left and right: a model that "
    "only knows one evening on the sofa knows the lamp as well as the face."
)


def gather_pictures(desk: Desk) -> None:
    """One label at a time: what comes in, and what lies there."""
    st.subheader("2 · Pictures of each")
    st.caption(_ADVICE)
    label = _choose_label(desk)
    how = st.segmented_control(
        "From",
        ["Files", "Camera"],
        default="Files",
        required=True,
        key="teach-source",
        persist_state="session",
        label_visibility="collapsed",
    )
    _take_in(desk, label, from_camera=how == "Camera")
    _say_skipped(desk.skipped.get(label, []))
    _show_examples(desk, label)


def _choose_label(desk: Desk) -> str:
    labels = desk.lesson.labels
    key = "teach-label"
    if st.session_state.get(key) not in labels:
        st.session_state[key] = labels[0]
    st.pills(
        "Pictures that look",
        labels,
        key=key,
        required=True,
        wrap=True,
        format_func=lambda label: _counted_label(desk, label),
        persist_state="session",
    )
    return str(st.session_state[key])


def _counted_label(desk: Desk, label: str) -> str:
    count = len(desk.lesson.of(label))
    state = "" if count >= RECOMMENDED_PER_LABEL else f" of {RECOMMENDED_PER_LABEL}"
    return plain(f"{swatch(label).title} · {count}{state}")


def _take_in(desk: Desk, label: str, *, from_camera: bool) -> None:
    files = _from_camera(desk, label) if from_camera else _from_files(desk, label)
    if not files:
        return
    # Built here, in the script's thread: detectors are never shared.
    reader = ExampleReader(composition.toolbox().build_detector)
    clock = SystemClock()
    began_s = clock.monotonic_s()
    bar = st.progress(0.0)

    def advance(done: int) -> None:
        text = progress_text(done, len(files), clock.monotonic_s() - began_s)
        bar.progress(done / len(files), text)

    desk.take_in(label, files, reader, advance)
    st.rerun()


def _from_files(desk: Desk, label: str) -> list[tuple[str, bytes]]:
    uploads = st.file_uploader(
        f"Pictures for “{plain(label)}”",
        type=["jpg", "jpeg", "png", "webp"],
        accept_multiple_files=True,
        key=f"teach-files-{label}-{desk.generation}",
        help="Several at once. Of several faces in a picture the largest is taken.",
    )
    return [(upload.name, upload.getvalue()) for upload in uploads]


def _from_camera(desk: Desk, label: str) -> list[tuple[str, bytes]]:
    photo = st.camera_input(
        f"A picture for “{plain(label)}”",
        key=f"teach-camera-{desk.generation}",
        resolution="720p",
        width=480,
    )
    if photo is None:
        return []
    desk.taken += 1
    return [(f"Camera {desk.taken}", photo.getvalue())]


def _say_skipped(sentences: list[str]) -> None:
    if len(sentences) <= _MOST_SENTENCES:
        for sentence in sentences:
            st.warning(plain(sentence), icon=":material/warning:")
        return
    with st.expander(
        f"{len(sentences)} pictures were left out", icon=":material/warning:", expanded=True
    ):
        st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences))


def _show_examples(desk: Desk, label: str) -> None:
    examples = desk.lesson.of(label)
    if not examples:
        st.caption(f"No picture of “{plain(label)}” yet.")
        return
    st.caption(
        f"{counted(len(examples), 'face')} of “{plain(label)}”. Take out those that show something "
        "else, or somebody else."
    )
    with st.container(horizontal=True, gap="small", key="teach-faces"):
        for example in examples:
            _show_example(desk, example)
    if len(desk.lesson):
        st.button(
            "Remove all pictures, of every expression",
            icon=":material/delete:",
            type="tertiary",
            on_click=desk.clear,
        )


def _show_example(desk: Desk, example: Example) -> None:
    with st.container(width=_THUMBNAIL_PX, gap="xxsmall"):
        st.image(
            as_jpeg(example.patch.image_bgr), width=_THUMBNAIL_PX, alt=f"Face in {example.name}"
        )
        if example.note:
            st.caption(plain(example.note))
        st.button(
            "Take out",
            key=f"teach-out-{example.digest}",
            type="tertiary",
            help=f"Take out {plain(example.name)}",
            on_click=desk.lesson.remove,
            args=(example.digest,),
        )
