"""The Stills page: lay pictures down, look at one face at a time, take everything away."""

from __future__ import annotations

from pathlib import PurePath

import streamlit as st

from app.stills.explanation import forget_explanations
from app.stills.faces import show_face
from app.stills.intake import Upload, read_into
from app.stills.overview import show_table
from app.stills.tray import Tray, TrayPicture
from app.stills.uploader import Uploader
from app.words import HONEST_LINE, counted, plain
from core.clock import SystemClock
from core.monitoring.settings import AnalysisSettings
from core.stills.annotated import annotated
from core.vision.jpeg import as_jpeg
from core.vision.photo import LARGEST_PIXELS, decode_photo

_TRAY = "stills-tray"
_UPLOADER = "stills-uploader"
_CHOSEN = "stills-picture"

_EMPTY = """**Nothing here yet.** Drop one picture or many above: each face is found, boxed and
numbered, and you see how it looks, with the full breakdown behind the word.

- Faces that look towards the camera are read best; from about 40 pixels across.
- Pictures stay in the memory of the computer that runs Mien, until you remove them or close the
  page. Nothing is written to disk, nothing is sent elsewhere."""


def render_stills(settings: AnalysisSettings) -> None:
    """Lays the page out."""
    tray: Tray = st.session_state.setdefault(_TRAY, Tray())
    uploader: Uploader = st.session_state.setdefault(_UPLOADER, Uploader())
    _take_in(tray, uploader, settings)
    forget_explanations(tray.pictures)
    for sentence in uploader.refused:
        st.warning(plain(sentence), icon=":material/warning:")
    if not len(tray):
        with st.container(border=True):
            st.markdown(_EMPTY)
    else:
        _notices(tray)
        _read_pictures(tray, settings)
    st.caption(HONEST_LINE)


def _take_in(tray: Tray, uploader: Uploader, settings: AnalysisSettings) -> None:
    files = st.file_uploader(
        "Pictures",
        type=["jpg", "jpeg", "png", "webp"],
        accept_multiple_files=True,
        key=uploader.key,
        on_change=_follow,
        args=(tray, uploader),
    )
    # The uploader says why it refuses a file only to a hovering pointer or a screen reader.
    st.caption(
        f"JPEG, PNG or WebP, up to {st.get_option('server.maxUploadSize')} MB and "
        f"{LARGEST_PIXELS // 1_000_000} megapixels each. A file marked in red is larger or of "
        "another kind, and is left out."
    )
    fresh = uploader.fresh(files)
    before = {picture.digest for picture in tray.pictures}
    uploads = [Upload(file.name, file.getvalue()) for file in fresh]
    refused = read_into(tray, uploads, settings, SystemClock())
    uploader.taken(fresh, refused)
    new = [p.digest for p in tray.pictures if p.still and p.digest not in before]
    if new:
        st.session_state[_CHOSEN] = new[0]


def _follow(tray: Tray, uploader: Uploader) -> None:
    tray.remove(uploader.removed(st.session_state[uploader.key] or []))


def _notices(tray: Tray) -> None:
    sentences = [picture.problem for picture in tray.pictures if picture.problem]
    sentences += [
        f"No face was found in “{picture.name}”. A face must be turned towards the camera and "
        "not be too small or covered."
        for picture in tray.pictures
        if picture.still and not picture.still.faces
    ]
    if len(sentences) <= 3:
        for sentence in sentences:
            st.warning(plain(sentence), icon=":material/warning:")
    else:
        with st.expander(
            f"{len(sentences)} pictures have no reading", icon=":material/warning:", expanded=True
        ):
            st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences))


def _read_pictures(tray: Tray, settings: AnalysisSettings) -> None:
    readable = [picture for picture in tray.pictures if picture.still]
    if readable:
        order = [picture.digest for picture in readable]
        _show_picture(_choose(readable), order, settings)
    show_table(tray.pictures, settings.sure_from, _CHOSEN)
    st.button(
        "Remove all pictures",
        icon=":material/delete:",
        type="tertiary",
        on_click=_clear,
        args=(tray,),
    )


def _choose(readable: list[TrayPicture]) -> TrayPicture:
    by_digest = {picture.digest: picture for picture in readable}
    if st.session_state.get(_CHOSEN) not in by_digest:
        st.session_state[_CHOSEN] = readable[0].digest
    if len(readable) == 1:
        return readable[0]
    order = list(by_digest)
    st.selectbox(
        "Picture",
        order,
        format_func=lambda digest: _title(order.index(digest) + 1, by_digest[digest]),
        key=_CHOSEN,
    )
    return by_digest[st.session_state[_CHOSEN]]


def _title(number: int, picture: TrayPicture) -> str:
    count = len(picture.still.faces) if picture.still else 0
    return f"{number} · {picture.name} · {counted(count, 'face')}"


def _step(order: list[str], by: int) -> None:
    index = order.index(st.session_state[_CHOSEN])
    st.session_state[_CHOSEN] = order[(index + by) % len(order)]


def _show_picture(picture: TrayPicture, order: list[str], settings: AnalysisSettings) -> None:
    still = picture.still
    if still is None:
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        preview_bgr = decode_photo(picture.preview_jpeg, picture.name)
        st.image(
            as_jpeg(annotated(preview_bgr, still, settings.sure_from)),
            width="stretch",
            alt=f"{picture.name}, {counted(len(still.faces), 'face')} marked",
        )
        with st.container(horizontal=True):
            if len(order) > 1:
                st.button(
                    "Previous", icon=":material/chevron_left:", on_click=_step, args=(order, -1)
                )
                st.button("Next", icon=":material/chevron_right:", on_click=_step, args=(order, 1))
            st.download_button(
                "Annotated picture",
                lambda: _full_size(picture, settings.sure_from),
                file_name=f"{PurePath(picture.name).stem}-read.jpg",
                mime="image/jpeg",
                icon=":material/download:",
                on_click="ignore",
            )
    with right:
        show_face(picture, still, settings.sure_from)


def _full_size(picture: TrayPicture, sure_from: float) -> bytes:
    if picture.still is None:
        return b""
    image_bgr = decode_photo(picture.data, picture.name)
    return as_jpeg(annotated(image_bgr, picture.still, sure_from))


def _clear(tray: Tray) -> None:
    tray.remove([picture.digest for picture in tray.pictures])
    st.session_state[_UPLOADER].empty()
