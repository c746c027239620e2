"""The last layer of a taught model: multinomial logistic regression on a network's embedding."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from core.expression.head import Head
from core.expression.litert import softmax

Embeddings = npt.NDArray[np.float64]
LabelIndex = npt.NDArray[np.int64]

_MOST_ITERATIONS = 300


def fitted_head(views: Embeddings, label_index: LabelIndex, classes: int, shrinkage: float) -> Head:
    """The weights with the least loss: mean cross-entropy + shrinkage/2 · |weights|².

    Every label counts the same, however many pictures it has. The embedding is centred and brought
    to unit scale as a whole; both are folded into the weights. (Value by value would blow up those
    that hardly vary in a few pictures of one face.)

    Args:
        views: float (n, values), every view of every picture.
        label_index: int (n,), 0 to `classes` - 1, each of them met.
        classes: number of labels.
        shrinkage: above 0; more keeps the weights smaller.
    """
    # Here and not above: it takes 36 MB and a third of a second, which only teaching needs.
    from scipy.optimize import minimize  # noqa: PLC0415

    centre = views.mean(axis=0)
    scale = max(float((views - centre).std()), 1e-9)
    inputs = (views - centre) / scale
    given = np.eye(classes)[label_index]
    share = (1 / (classes * given.sum(axis=0)))[label_index][:, np.newaxis]

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights, bias = _unpacked(flat, classes)
        read = softmax(inputs @ weights + bias)
        entropy = -(share * given * np.log(read + 1e-300)).sum()
        error = share * (read - given)
        gradient = np.vstack([inputs.T @ error + shrinkage * weights, error.sum(axis=0)])
        return float(entropy + shrinkage / 2 * (weights**2).sum()), gradient.ravel()

    start = np.zeros((views.shape[1] + 1) * classes)
    options = {"maxiter": _MOST_ITERATIONS}
    # Trap: on matrices as small as these, several threads of BLAS wait for each other ten times
    # longer than they calculate, and take the cores from the live cameras.
    with _threads().limit(limits=1, user_api="blas"):
        found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
    weights, bias = _unpacked(found.x, classes)
    return Head(weights / scale, bias - centre @ weights / scale)


@cache
def _threads() -> ThreadpoolController:
    """Knows the libraries that are loaded when it is made: so not before scipy's."""
    return ThreadpoolController()


def _unpacked(
    flat: npt.NDArray[np.float64], classes: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    rows = flat.reshape(-1, classes)
    return rows[:-1], rows[-1]
