"""Multinomial logistic regression, solved one group of sentences at a time.

There are ten times more features than training sentences. A label's weights are then a sum of
sentences (representer theorem): each sentence has a coefficient for each label. The coefficients
of a group of sentences are found from how alike they are, two by two, while those of the other
sentences stay as they are; then comes the next group. This is block coordinate ascent of the dual
problem (Yu, Huang and Lin, Dual coordinate descent methods for logistic regression and maximum
entropy models, 2011): time grows with the number of sentences, not with its square, and a few
rounds come nearer to the solution than a hundred steps of L-BFGS on all the sentences.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse

GROUP = 1_000  # sentences
ROUNDS = 20
STILL = 0.02  # share of the coefficients: a round that changes less is the last
STEPS = 5  # of L-BFGS in a group, at each round
MEMORY = 8  # steps that L-BFGS remembers
PRECISION = 1e-4  # share of the loss: a step that gains less is the last


def solve(
    blocks: list[Any], columns: np.ndarray, cost: np.ndarray, known: np.ndarray | float = 0
) -> np.ndarray:
    """Weights such that the scores of the labels are the features by the weights.

    Minimises the cross-entropy of the softmax of the scores, weighted by `cost`, plus half the
    squared length of the weights. The problem is convex: nothing depends on chance.

    Args:
        blocks: features side by side, each a matrix of n rows, dense or sparse (CSR), float32.
        columns: the label of each sentence, from 0.
        cost: what an error on each sentence costs, shape (n,).
        known: the scores of each label that are known already, to which the weights add; one row
            per sentence.

    Returns:
        One row per feature, block after block, and one column per label.
    """
    targets = np.eye(columns.max() + 1, dtype=np.float32)[columns]
    cost = cost.astype(np.float32)[:, None]
    weights = np.zeros((sum(block.shape[1] for block in blocks), targets.shape[1]), np.float32)
    coefficients = np.zeros_like(targets)
    known = np.broadcast_to(np.float32(known), targets.shape)
    # Sentences of one label follow each other: every group takes some of each.
    count = -(-len(columns) // GROUP)
    groups = [_Group.of(blocks, np.arange(first, len(columns), count)) for first in range(count)]
    for _ in range(ROUNDS):
        change = 0.0
        for group in groups:
            rows, before = group.rows, coefficients[group.rows]
            others = known[rows] + group.scores(weights) - group.likeness @ before
            after = _best(group.likeness, targets[rows], cost[rows], others, before)
            coefficients[rows] = after
            group.add(after - before, weights)
            change += float(np.square(after - before).sum())
        if change < STILL**2 * np.square(coefficients).sum():
            break
    return weights


@dataclass
class _Group:
    """Some of the sentences: where they are, the features that they have, how alike they are."""

    rows: np.ndarray
    parts: list[tuple[slice | np.ndarray, Any]]  # (which of the weights, values)
    likeness: np.ndarray

    @classmethod
    def of(cls, blocks: list[Any], rows: np.ndarray) -> _Group:
        parts, first = [], 0
        for block in blocks:
            parts.append(_part(block[rows], first))
            first += block.shape[1]
        return cls(rows, parts, sum(_dense(values @ values.T) for _, values in parts))

    def scores(self, weights: np.ndarray) -> np.ndarray:
        return sum(values @ weights[features] for features, values in self.parts)

    def add(self, change: np.ndarray, weights: np.ndarray) -> None:
        for features, values in self.parts:
            weights[features] += values.T @ change


def _part(values: Any, first: int) -> tuple[slice | np.ndarray, Any]:
    if not scipy.sparse.issparse(values):
        return slice(first, first + values.shape[1]), values
    present = np.unique(values.indices)
    return first + present, values[:, present]


def _dense(product: Any) -> np.ndarray:
    return product.toarray() if scipy.sparse.issparse(product) else product


def _best(
    likeness: np.ndarray,
    targets: np.ndarray,
    cost: np.ndarray,
    others: np.ndarray,
    start: np.ndarray,
) -> np.ndarray:
    """The coefficients of a group, by L-BFGS (Nocedal and Wright, Numerical Optimization, 7.4).

    `others` are the scores that the other sentences give to those of the group.
    """

    # Everything comes in pairs: coefficients, and the scores they give. The inner product of two
    # functions is that of the coefficients of one with the scores of the other.
    def loss_at(point: np.ndarray) -> float:
        errors = cost * _cross_entropy(others + point[1], targets)
        return float(errors.sum()) + _inner(point, point) / 2

    def gradient_at(point: np.ndarray) -> np.ndarray:
        gradient = cost * (_softmax(others + point[1]) - targets) + point[0]
        return np.stack([gradient, likeness @ gradient])

    point = np.stack([start, likeness @ start])
    loss, gradient = loss_at(point), gradient_at(point)
    steps: deque[tuple[np.ndarray, np.ndarray, float]] = deque(maxlen=MEMORY)
    for _ in range(STEPS):
        direction = _direction(gradient, steps)
        slope, size = _inner(gradient, direction), 1.0
        # The longest halving of the direction that lowers the loss enough (Armijo).
        while (
            next_loss := loss_at(point + np.float32(size) * direction)
        ) > loss + 1e-4 * size * slope and size > 1e-6:
            size /= 2
        move = np.float32(size) * direction
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


def _cross_entropy(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    highest = scores.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(scores - highest).sum(axis=1, keepdims=True)) + highest
    return log_sum - (scores * targets).sum(axis=1, keepdims=True)


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _inner(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.vdot(first[0], second[1]))
