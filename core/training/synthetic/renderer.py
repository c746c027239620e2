"""Draws a person with an expression, in a light, before a background."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Self

import moderngl
import numpy as np
import numpy.typing as npt

from core.training.synthetic.action_units import ExpressionPose
from core.training.synthetic.appearance import HairStyle, HeadPose, Lighting, Person, Rgb
from core.training.synthetic.canvas import CANVAS, Canvas
from core.training.synthetic.face_model import FaceModel, Part, Vertices
from core.training.synthetic.folds import fold_depths, paint_folds
from core.training.synthetic.hair import coverage
from core.training.synthetic.opengl import SHADOW_UNIT, GpuMesh, Stage
from core.training.synthetic.paint import paint_skin
from core.training.synthetic.props import Prop, clothes, glasses, long_hair
from core.training.synthetic.shading import Normals, hollows
from core.training.synthetic.view import ImageRgb, Matrix, View, turn, turned

_HAIR_LAYERS = 5
_TEETH, _GUMS, _LASHES = (0.86, 0.82, 0.74), (0.55, 0.27, 0.27), (0.1, 0.08, 0.08)
_ALL = "all"


@dataclass(frozen=True, eq=False)
class _Worn:
    """A prop on the graphics side."""

    program: str
    prop: Prop
    mesh: GpuMesh
    normals: Normals
    colour: Rgb
    gloss: float


@dataclass(frozen=True, eq=False)
class PreparedPerson:
    """A person's geometry and paint, on the graphics side; used for many pictures."""

    person: Person
    head: Vertices
    cover: npt.NDArray[np.float32]
    paint: moderngl.Texture
    worn: tuple[_Worn, ...]


class Renderer:
    """One OpenGL context; belongs to one thread. A context manager.

    Args:
        model: the face model.
        paint_px_per_cm: resolution of the painted skin; 20 suits faces of 200 px.

    Raises:
        ConfigurationError: OpenGL without a screen is not to be had here.
    """

    def __init__(self, model: FaceModel, paint_px_per_cm: int = 20) -> None:
        self.model = model
        self._canvas = Canvas(paint_px_per_cm)
        self._stage = Stage()
        self._normals = Normals(model.quads)
        groups = {part.value: model.triangles(part) for part in Part} | self._scalps()
        self._head = GpuMesh(
            self._stage, model.neutral, np.zeros(len(model.neutral), np.float32), groups
        )
        self._eyes = _Eyes(model)
        self._folds = [self._stage.texture(plane) for plane in paint_folds(self._canvas)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stage.release()

    def prepare(self, person: Person) -> PreparedPerson:
        """Paints and dresses a person; `discard` gives the memory back."""
        head = self.model.head(person.identity_weights)
        worn = [self._put_on("matte", clothes(), person.clothes, 0.0)]
        if person.glasses is not None:
            frame = glasses(head[self.model.landmarks], 0.13)
            worn.append(self._put_on("matte", frame, person.glasses, 0.08))
        if person.hair_style is HairStyle.LONG:
            curtain = long_hair(head, person.hair_length_cm, person.curl)
            worn.append(self._put_on("hair", curtain, person.hair, 1.0))
        return PreparedPerson(
            person,
            head,
            coverage(self.model.neutral, person.hair_style),
            self._stage.texture(paint_skin(self.model, person, self._canvas)),
            tuple(worn),
        )

    def discard(self, prepared: PreparedPerson) -> None:
        """Frees what `prepare` made."""
        prepared.paint.release()
        for worn in prepared.worn:
            worn.mesh.release()

    def draw(
        self,
        prepared: PreparedPerson,
        expression: ExpressionPose,
        pose: HeadPose,
        light: Lighting,
        view: View,
        background: ImageRgb,
    ) -> ImageRgb:
        """uint8 (height_px, width_px, 3): the person before the background, which has that size."""
        self._move(prepared, expression, pose)
        self._stage.set_everywhere(_uniforms(light, view))
        self._stage.begin_shadow()
        self._head.draw("depth", Part.SKIN)
        self._stage.begin_picture(view.width_px, view.height_px)
        self._draw_face(prepared.person, prepared, expression)
        self._draw_hair_and_worn(prepared)
        drawn, depth = self._stage.picture(view.width_px, view.height_px)
        shaded = drawn[..., :3] * hollows(depth, view)[..., None]
        return np.where(drawn[..., 3:] > 0, shaded, background).astype(np.uint8)

    def _move(self, prepared: PreparedPerson, expression: ExpressionPose, pose: HeadPose) -> None:
        vertices = prepared.head + self.model.offset(expression.shape_weights())
        self._eyes.look(prepared.head, vertices, expression.gaze_deg)
        world = turned(vertices, pose)
        self._head.move(world, self._normals.of(world))
        self._head.cover(prepared.cover)
        for worn in prepared.worn:
            world = turned(worn.prop.vertices, pose)
            worn.mesh.move(world, worn.normals.of(world))

    def _draw_face(
        self, person: Person, prepared: PreparedPerson, expression: ExpressionPose
    ) -> None:
        for unit, texture in enumerate((prepared.paint, *self._folds)):
            texture.use(unit)
        left, right = fold_depths(expression, person.age)
        draw = self._head.draw
        draw(
            "skin", f"bare {person.hair_style}", lift=0.0, paint=0, folds_a=1, folds_b=2,
            canvas=CANVAS, base_colour=person.skin, gloss=person.gloss,
            fold_left_a=left[:4], fold_left_b=left[4:],
            fold_right_a=right[:4], fold_right_b=right[4:],
        )  # fmt: skip
        draw(
            "eye", Part.EYES, lift=0.0, iris_colour=person.iris, pupil=0.38,
            left_centre=self._eyes.left_centre,
        )  # fmt: skip
        self._stage.two_sided(True)
        matte = {"lift": 0.0, "grain": 0.0, "holes": 0.0, "gloss": 0.03}
        draw("matte", Part.TEETH, **matte, base_colour=_TEETH, depth_shade=0.8)
        draw("matte", Part.GUMS, **matte, base_colour=_GUMS, depth_shade=0.95)
        matte |= {"holes": 0.6, "gloss": 0.0}
        draw("matte", Part.LASHES, **matte, base_colour=_LASHES, depth_shade=0.0)
        self._stage.two_sided(False)

    def _draw_hair_and_worn(self, prepared: PreparedPerson) -> None:
        person = prepared.person
        offset = tuple(np.random.default_rng(person.paint_seed).uniform(0, 50, 3).tolist())
        strands = {"gloss": 1.0, "curl": person.curl}
        if person.hair_style is not HairStyle.BALD:
            for step in range(_HAIR_LAYERS):
                layer = step / (_HAIR_LAYERS - 1)
                self._head.draw(
                    "hair", f"hair {person.hair_style}", **strands, offset=offset, layer=layer,
                    lift=0.05 + layer * person.hair_cm, base_colour=person.hair,
                )  # fmt: skip
        self._stage.two_sided(True)
        for worn in prepared.worn:
            look = {"gloss": worn.gloss, "lift": 0.0, "layer": 0.6, "grain": 0.12}
            worn.mesh.draw(
                worn.program, _ALL, **look, base_colour=worn.colour, offset=offset,
                curl=person.curl, depth_shade=0.0, holes=0.0,
            )  # fmt: skip

    def _put_on(self, program: str, prop: Prop, colour: Rgb, gloss: float) -> _Worn:
        mesh = GpuMesh(self._stage, prop.vertices, prop.coverage, {_ALL: prop.triangles()})
        return _Worn(program, prop, mesh, Normals(prop.quads), colour, gloss)

    def _scalps(self) -> dict[str, npt.NDArray[np.int32]]:
        """For each hair style, the polygons that grow hair and those that no hair hides."""
        triangles = self.model.triangles(Part.SKIN)
        groups = {}
        for style in HairStyle:
            cover = coverage(self.model.neutral, style)[triangles]
            groups[f"bare {style}"] = triangles[cover.min(axis=1) < 0.95]
            if style is not HairStyle.BALD:
                groups[f"hair {style}"] = triangles[cover.max(axis=1) > 0.1]
        return groups


class _Eyes:
    """Turns the eyeballs; the face model itself moves the lids only."""

    def __init__(self, model: FaceModel) -> None:
        rows = np.unique(model.triangles(Part.EYES))
        self._balls = [rows[side * model.neutral[rows, 0] > 0] for side in (1, -1)]
        x, y, z = self._centre(model.neutral[self._balls[0]]).tolist()
        self.left_centre = (x, y, z)

    def look(self, head: Vertices, vertices: Vertices, gaze_deg: tuple[float, float]) -> None:
        """Turns both eyes of `vertices`, in place."""
        rotation = turn(HeadPose(*gaze_deg))
        for ball in self._balls:
            centre = self._centre(head[ball])
            vertices[ball] = (vertices[ball] - centre) @ rotation.T + centre

    @staticmethod
    def _centre(ball: Vertices) -> Vertices:
        return np.asarray((ball.max(axis=0) + ball.min(axis=0)) / 2, np.float32)


def _uniforms(light: Lighting, view: View) -> dict[str, int | bytes | tuple[float, ...]]:
    x, y, z = view.centre_cm
    return {
        "world_to_clip": view.to_clip().T.tobytes(),
        "world_to_light": _to_light(light).T.tobytes(),
        "eye": (x, y, z + view.distance_cm),
        "shadow_map": SHADOW_UNIT,
        "key_direction": light.key_direction,
        "key_colour": light.key_colour,
        "fill_direction": light.fill_direction,
        "fill_colour": light.fill_colour,
        "sky_colour": light.sky_colour,
        "ground_colour": light.ground_colour,
    }


def _to_light(light: Lighting) -> Matrix:
    forward = np.array(light.key_direction)
    side = np.cross(np.array([0, 1, 0.01]), forward)
    side /= np.linalg.norm(side)
    placed = np.eye(4, dtype=np.float32)
    # A sphere of 22 cm holds the head.
    placed[:3, :3] = np.stack([side, np.cross(forward, side), -forward]) / 22.0
    return placed
