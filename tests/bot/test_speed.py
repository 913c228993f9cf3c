"""What is spared at each message must change nothing of what Rasa would have said."""

from __future__ import annotations

import itertools
import subprocess
import sys

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.training import load_data
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot import speed
from bot.resilience import _brief
from bot.train import ROOT

INTENTS = ("merci", "aide_bot", "urgence", "inconnue")
DOMAIN = Domain.from_dict(
    {
        "intents": list(INTENTS),
        "actions": ["action_aide", "action_contact", "action_default_fallback"],
        "slots": {
            "theme": {
                "type": "text",
                "influence_conversation": False,
                "mappings": [{"type": "custom"}],
            }
        },
        "responses": {f"utter_{name}": [{"text": name}] for name in ("bonjour", "merci", "115")},
    }
)
RULES = """
version: "3.1"
rules:
  - rule: merci, avant toute autre chose
    conversation_start: true
    steps: [{intent: merci}, {action: utter_bonjour}, {action: utter_merci}]
  - rule: merci
    steps: [{intent: merci}, {action: utter_merci}]
  - rule: aide
    steps: [{intent: aide_bot}, {action: action_aide}]
  - rule: urgence
    steps: [{intent: urgence}, {action: utter_115}, {action: action_contact}]
"""


@pytest.fixture(scope="module")
def policy(tmp_path_factory):
    """Rasa's policy of rules, trained on those above."""
    folder = tmp_path_factory.mktemp("rules")
    (folder / "rules.yml").write_text(RULES, "utf-8")
    storage = LocalModelStorage.create(tmp_path_factory.mktemp("storage"))
    context = ExecutionContext(GraphSchema({}), "test")
    rules = RulePolicy(RulePolicy.get_default_config(), storage, Resource("rules"), context)
    rules.train(load_data(str(folder), DOMAIN), DOMAIN)
    return rules


def test_the_last_turn_gives_the_same_actions_as_the_whole_conversation(policy):
    for said in itertools.product(INTENTS, repeat=3):
        done = [name for name in _converse(policy, said) if name != "action_listen"]
        assert ("utter_bonjour" in done) == (said[0] == "merci")


def _converse(policy, said):
    """The actions after each of these intents, compared at every step."""
    events = [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        ActionExecuted("action_listen"),
    ]
    for intent in said:
        events += [UserUttered(intent, {"name": intent}), SlotSet("theme", intent)]
        name = None
        while name != "action_listen":
            tracker = DialogueStateTracker.from_events("someone", events, DOMAIN.slots)
            on_words, _, _ = speed._find_action_from_rules(policy, tracker, DOMAIN, True)
            name, _, _ = speed._find_action_from_rules(policy, tracker, DOMAIN, False)
            spared, _, _ = speed._find_action_from_last_turn(policy, tracker, DOMAIN, False)
            assert (on_words, spared) == (None, name), [str(event) for event in events]
            name = name or "action_listen"
            events.append(ActionExecuted(name))
            yield name


class Joined(GraphComponent):
    """Joins what it receives, between brackets."""

    @classmethod
    def create(cls, config, model_storage, resource, execution_context):
        return cls()

    def join(self, **received):
        return f"({' '.join(received.values())})"


def _node(**needs: str) -> SchemaNode:
    return SchemaNode(needs=needs, uses=Joined, constructor_name="create", fn="join", config={})


def test_components_give_the_same_outputs_in_order_as_under_the_scheduler():
    schema = GraphSchema(
        {
            "first": _node(text="__message__"),
            "second": _node(before="first"),
            "beside": _node(before="first", text="__message__"),
            "last": _node(one="second", other="beside"),
            "useless": _node(before="absent"),
            "absent": _node(text="__tracker__"),
        }
    )
    outputs = [
        runner(schema, None, ExecutionContext(schema)).run(
            {"__message__": "oui"}, ["last", "second"]
        )
        for runner in (DaskGraphRunner, speed.OrderedGraphRunner)
    ]
    assert outputs[0] == outputs[1]
    assert outputs[1] == {"last": "(((oui)) ((oui) oui))", "second": "((oui))"}


def test_the_action_server_is_told_what_was_understood_and_never_the_words_of_the_past():
    said = UserUttered("mon secret", {"name": "merci"}, input_channel="web")
    answered = BotUttered("notre secret", {"custom": {}}, {"utter_action": "utter_merci"})
    told = [_brief(event) for event in (said, answered)]
    assert "secret" not in str(told)
    assert told[0]["parse_data"] == {"intent": {"name": "merci"}}
    assert told[0]["input_channel"] == "web"
    assert told[1]["metadata"] == {"utter_action": "utter_merci"}


def test_rasa_starts_without_tensorflow():
    code = (
        "import sys; from bot import light; light.install(); import rasa.core.run;"
        "import rasa.graph_components.validators.default_recipe_validator;"
        "sys.exit('tensorflow' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, timeout=60)
    assert done.returncode == 0
