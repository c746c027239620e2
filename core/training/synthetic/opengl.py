"""OpenGL on no screen: by the graphics card, or by Mesa's software renderer."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

from core.errors import ConfigurationError
from core.training.synthetic.face_model import Vertices

SHADOW_PX = 256
SHADOW_UNIT = 3  # textures 0 to 2 are the skin's
_SHADERS = Path(__file__).parent / "shaders"

Uniform = float | int | bytes | tuple[float, ...]


class GpuMesh:
    """Vertices that are written anew for every picture, and named groups of triangles."""

    def __init__(
        self,
        stage: Stage,
        rest: Vertices,
        coverage: npt.NDArray[np.float32],
        triangles: Mapping[str, npt.NDArray[np.int32]],
    ) -> None:
        buffer = stage.context.buffer
        self._stage = stage
        self._positions = buffer(reserve=rest.nbytes, dynamic=True)
        self._normals = buffer(reserve=rest.nbytes, dynamic=True)
        self._rest = buffer(np.ascontiguousarray(rest, np.float32).tobytes())
        self._coverage = buffer(np.ascontiguousarray(coverage, np.float32).tobytes())
        self._groups = {name: buffer(indices.tobytes()) for name, indices in triangles.items()}
        self._arrays: dict[tuple[str, str], moderngl.VertexArray] = {}

    def move(self, positions: Vertices, normals: Vertices) -> None:
        """Both float32, as many as the resting vertices."""
        self._positions.write(np.ascontiguousarray(positions, np.float32).tobytes())
        self._normals.write(np.ascontiguousarray(normals, np.float32).tobytes())

    def cover(self, coverage: npt.NDArray[np.float32]) -> None:
        """How much hair each vertex carries, 0 to 1."""
        self._coverage.write(coverage.tobytes())

    def draw(self, program: str, group: str, **uniforms: Uniform) -> None:
        """Draws one group with one of the stage's programs."""
        for name, value in uniforms.items():
            self._stage.set(program, name, value)
        if (program, group) not in self._arrays:
            self._arrays[program, group] = self._array(program, group)
        self._arrays[program, group].render()

    def release(self) -> None:
        """Gives the memory back."""
        for array in self._arrays.values():
            array.release()
        for buffer in (self._positions, self._normals, self._rest, self._coverage):
            buffer.release()
        for group in self._groups.values():
            group.release()

    def _array(self, program: str, group: str) -> moderngl.VertexArray:
        compiled = self._stage.programs[program]
        attributes = [
            (self._positions, "3f", "position"),
            (self._normals, "3f", "normal"),
            (self._rest, "3f", "rest"),
            (self._coverage, "1f", "weight"),
        ]
        # The compiler drops what a shader does not use.
        used = [entry for entry in attributes if entry[2] in compiled]
        return self._stage.context.vertex_array(compiled, used, index_buffer=self._groups[group])


class Stage:
    """An OpenGL context with the project's programs, a shadow map and the pictures drawn into.

    Raises:
        ConfigurationError: OpenGL without a screen is not to be had here.
    """

    def __init__(self) -> None:
        self.context = _context()
        self.context.includes["light.glsl"] = (_SHADERS / "light.glsl").read_text()
        surfaces = ("skin", "eye", "matte", "hair")
        self.programs = {name: self._program("mesh.vert", f"{name}.frag") for name in surfaces}
        self.programs["depth"] = self._program("depth.vert", "depth.frag")
        self._shadow = self.context.depth_texture((SHADOW_PX, SHADOW_PX))
        self._shadow.compare_func = "<="
        self._shadow.repeat_x = self._shadow.repeat_y = False
        self._shadow_target = self.context.framebuffer(depth_attachment=self._shadow)
        self._targets: dict[tuple[int, int], moderngl.Framebuffer] = {}

    def set(self, program: str, name: str, value: Uniform) -> None:
        """Sets a uniform, if the program has it; matrices come as bytes, column by column."""
        uniform = self.programs[program].get(name, None)
        if isinstance(uniform, moderngl.Uniform):
            if isinstance(value, bytes):
                uniform.write(value)
            else:
                uniform.value = value

    def set_everywhere(self, uniforms: Mapping[str, Uniform]) -> None:
        """Sets uniforms of all programs."""
        for program in self.programs:
            for name, value in uniforms.items():
                self.set(program, name, value)

    def begin_shadow(self) -> None:
        """What is drawn next with the program "depth" throws shadows."""
        self._shadow_target.use()
        self._shadow_target.clear(depth=1.0)
        self.context.enable(moderngl.DEPTH_TEST | moderngl.CULL_FACE)

    def begin_picture(self, width_px: int, height_px: int) -> None:
        """What is drawn next is seen."""
        target = self._target(width_px, height_px)
        target.use()
        target.clear(0, 0, 0, 0)
        self._shadow.use(SHADOW_UNIT)

    def two_sided(self, both: bool) -> None:
        """Whether the back of a surface is drawn as well."""
        if both:
            self.context.disable(moderngl.CULL_FACE)
        else:
            self.context.enable(moderngl.CULL_FACE)

    def picture(
        self, width_px: int, height_px: int
    ) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
        """uint8 (height, width, 4), alpha 255 where something was drawn; float32 depth, 0 to 1."""
        target = self._target(width_px, height_px)
        size = (height_px, width_px)
        drawn = np.frombuffer(target.read(components=4), np.uint8).reshape(*size, 4)
        depth = np.frombuffer(target.read(attachment=-1, components=1, dtype="f4"), np.float32)
        return drawn[::-1], depth.reshape(size)[::-1]

    def texture(self, plane: npt.NDArray[np.uint8]) -> moderngl.Texture:
        """A texture of a picture (rows, columns, components), smooth at any distance."""
        rows, columns, components = plane.shape
        texture = self.context.texture((columns, rows), components, np.ascontiguousarray(plane))
        texture.repeat_x = texture.repeat_y = False
        texture.build_mipmaps()
        texture.filter = (moderngl.LINEAR_MIPMAP_NEAREST, moderngl.LINEAR)
        return texture

    def release(self) -> None:
        """Ends the context."""
        self.context.release()

    def _program(self, vertex: str, fragment: str) -> moderngl.Program:
        return self.context.program(
            (_SHADERS / vertex).read_text(), (_SHADERS / fragment).read_text()
        )

    def _target(self, width_px: int, height_px: int) -> moderngl.Framebuffer:
        size = (width_px, height_px)
        if size not in self._targets:
            self._targets[size] = self.context.framebuffer(
                [self.context.texture(size, 4)], self.context.depth_texture(size)
            )
        return self._targets[size]


def _context() -> moderngl.Context:
    # Mesa and TensorFlow each bring LLVM, and the process dies of it.
    if "tensorflow" in sys.modules:
        raise ConfigurationError("Faces are rendered in a process of its own, without TensorFlow.")
    # Mesa's own threads, one per core, cost more than they bring for pictures of this size.
    os.environ.setdefault("LP_NUM_THREADS", "1")
    settings: dict[str, Any] = {"standalone": True, "require": 330, "backend": "egl"}
    try:
        return moderngl.create_context(**settings)
    except Exception as error:  # moderngl raises nothing narrower
        raise ConfigurationError(
            "Faces cannot be rendered here: OpenGL without a screen is missing. "
            "Install the packages libegl1 and libgl1-mesa-dri.",
            repr(error),
        ) from error
