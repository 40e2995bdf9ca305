"""The minimiser of the linear head reaches what SciPy's reaches."""

import numpy as np
from scipy.optimize import minimize

from kefu.models.linear_head_fit import minimise


def test_minimum_equals_that_of_scipy() -> None:
    random = np.random.default_rng(3)
    rows = random.standard_normal((300, 40)).astype(np.float32)
    signs = np.sign(rows @ random.standard_normal(40) + random.standard_normal(300)).astype(np.float32)

    def objective(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margins = signs * (rows @ weights)
        loss = float(np.logaddexp(0, -margins).mean() + 0.001 * (weights**2).sum())
        gradient = -(rows.T @ (signs / (1 + np.exp(margins)))) / len(rows) + 0.002 * weights
        return loss, gradient.astype(weights.dtype)

    start = np.zeros(40, dtype=np.float32)
    reference = minimize(objective, start.astype(np.float64), jac=True, method="L-BFGS-B")
    found = minimise(objective, start, steps=200, tolerance=1e-9)
    assert abs(objective(found)[0] - reference.fun) < 1e-5
    np.testing.assert_allclose(found, reference.x, atol=5e-3)
    assert not start.any(), "the caller's start must stay as it was"
