"""The figures of `core.expression.metrics`, under the name that the training knows them by."""

from core.expression.metrics import accuracy, fitted_temperature

__all__ = ["accuracy", "fitted_temperature"]
