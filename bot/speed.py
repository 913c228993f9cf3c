"""What Rasa does at every message and need not do for us; measured in docs/benchmarks.md."""

from __future__ import annotations

from typing import Any

import rasa.core.processor as rasa_processor
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.trackers import DialogueStateTracker

_find_action_from_rules = RulePolicy._find_action_from_rules


def install() -> None:
    """Put the functions below in the place of Rasa's, which has no setting for them."""
    rasa_processor.DaskGraphRunner = OrderedGraphRunner  # type: ignore[misc]
    RulePolicy._find_action_from_rules = _find_action_from_last_turn


class OrderedGraphRunner(DaskGraphRunner):
    """Runs the components of a model one after the other.

    Ours follow one another: dask's scheduler finds nothing to run at the same time, and takes
    two milliseconds a message to say so.
    """

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """The outputs of these targets, by name."""
        outputs = {name: (name, value) for name, value in (inputs or {}).items()}
        targets = targets or self._graph_schema.target_names
        for target in targets:
            self._run(target, outputs)
        return dict(outputs[target] for target in targets)

    def _run(self, name: str, outputs: dict[str, tuple[str, Any]]) -> None:
        """Run a component after those it needs, unless it has run already."""
        if name not in outputs:
            needed = self._graph_schema.nodes[name].needs.values()
            for other in needed:
                self._run(other, outputs)
            outputs[name] = self._instantiated_nodes[name](*(outputs[other] for other in needed))


def _find_action_from_last_turn(
    policy: RulePolicy,
    tracker: DialogueStateTracker,
    domain: Domain,
    use_text_for_last_user_input: bool,
) -> tuple[str | None, str | None, bool]:
    """What the rules say after the last message.

    Rasa replays the whole conversation, and once more for rules on a message's own words. Ours
    know one message by its intent (`restrict_rules`), and no slot nor form influences them.
    """
    if use_text_for_last_user_input:
        return None, None, False
    turn = DialogueStateTracker.from_events(
        tracker.sender_id, _last_turn(tracker.applied_events()), tracker.slots.values()
    )
    return _find_action_from_rules(policy, turn, domain, False)


def _last_turn(events: list[Event]) -> list[Event]:
    """The events since we last listened, after the action before: the start has none."""
    actions = [place for place, event in enumerate(events) if isinstance(event, ActionExecuted)]
    listened = [place for place in actions if events[place].action_name == ACTION_LISTEN_NAME]
    before = [place for place in actions if place < listened[-1]] if listened else []
    return events[before[-1] :] if before else events
