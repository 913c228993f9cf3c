"""Multinomial logistic regression, solved among the sentences rather than among the features.

There are ten times more features than training sentences. A label's weights are then a sum of
sentences (representer theorem), and all that learning needs is how alike the sentences are, two by
two: the same result as with scikit-learn, several times faster, and cross-validation is cheap.
"""

from __future__ import annotations

from collections import deque

import numpy as np

MAX_STEPS = 100
MEMORY = 8  # steps that L-BFGS remembers
PRECISION = 1e-3  # share of the loss: a step that gains less is the last


def solve(likeness: np.ndarray, columns: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """Coefficients such that `likeness @ coefficients` are the scores of the labels.

    Minimises the cross-entropy of the softmax of the scores, weighted by `cost`, plus half the
    squared length of the weights, by L-BFGS (Nocedal and Wright, Numerical Optimization, 7.4).

    Args:
        likeness: inner products of the n sentences two by two, shape (n, n).
        columns: the label of each sentence, from 0.
        cost: what an error on each sentence costs, shape (n,).

    Returns:
        Shape (n, number of labels). The loss is convex: nothing depends on chance.
    """
    targets = np.eye(columns.max() + 1, dtype=np.float32)[columns]
    cost = cost.astype(np.float32)[:, None]

    # Everything comes in pairs: coefficients, and the scores they give. The inner product of two
    # functions is that of the coefficients of one with the scores of the other.
    def gradient_at(point: np.ndarray) -> np.ndarray:
        gradient = cost * (_softmax(point[1]) - targets) + point[0]
        return np.stack([gradient, likeness @ gradient])

    point = np.zeros((2, *targets.shape), np.float32)
    loss, gradient = _loss(point, targets, cost), gradient_at(point)
    steps: deque[tuple[np.ndarray, np.ndarray, float]] = deque(maxlen=MEMORY)
    for _ in range(MAX_STEPS):
        direction = _direction(gradient, steps)
        move, next_loss = _move(point, direction, gradient, loss, targets, cost)
        point = point + move
        next_gradient = gradient_at(point)
        change = next_gradient - gradient
        curvature = _inner(move, change)
        if curvature > 0:
            steps.append((move, change, curvature))
        gain, loss, gradient = loss - next_loss, next_loss, next_gradient
        if gain < PRECISION * loss:
            break
    return point[0]


def _direction(gradient: np.ndarray, steps: deque[tuple[np.ndarray, np.ndarray, float]]):
    direction = -gradient
    if not steps:
        return direction / max(np.sqrt(_inner(gradient, gradient)), 1e-9)
    shares = []
    for move, change, curvature in reversed(steps):
        shares.append(_inner(move, direction) / curvature)
        direction = direction - shares[-1] * change
    _, change, curvature = steps[-1]
    direction = direction * (curvature / _inner(change, change))
    for (move, change, curvature), share in zip(steps, reversed(shares), strict=True):
        direction = direction + (share - _inner(change, direction) / curvature) * move
    return direction


def _move(point, direction, gradient, loss, targets, cost) -> tuple[np.ndarray, float]:
    """The longest halving of the direction that lowers the loss enough (Armijo), and its loss."""
    slope, size = _inner(gradient, direction), 1.0
    while True:
        move = np.float32(size) * direction
        next_loss = _loss(point + move, targets, cost)
        if next_loss <= loss + 1e-4 * size * slope or size < 1e-6:
            return move, next_loss
        size /= 2


def _loss(point: np.ndarray, targets: np.ndarray, cost: np.ndarray) -> float:
    scores = point[1]
    highest = scores.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(scores - highest).sum(axis=1, keepdims=True)) + highest
    errors = cost * (log_sum - (scores * targets).sum(axis=1, keepdims=True))
    return float(errors.sum()) + _inner(point, point) / 2


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _inner(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.vdot(first[0], second[1]))
