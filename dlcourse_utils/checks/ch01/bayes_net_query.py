"""01.bayes_net_query: ask a small network of causes and effects."""

import itertools
import math
from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise

Network = dict[str, tuple[tuple[str, ...], np.ndarray]]


def _draw(rng: np.random.Generator, states: dict[str, int], parents: dict[str, tuple[str, ...]]) -> Network:
    """Random tables; the dict is in shuffled order, so that children may come before their parents."""
    network: Network = {}
    for name in rng.permutation(list(states)).tolist():
        above = parents.get(name, ())
        table = rng.dirichlet(np.full(states[name], 0.7), size=tuple(states[p] for p in above))
        network[name] = (above, 0.9 * table + 0.1 / states[name])
    return network


def cases(rng: np.random.Generator) -> Iterator[Case]:
    lawn = {"rain": 2, "sprinkler": 2, "wet": 2}
    causes = {"sprinkler": ("rain",), "wet": ("sprinkler", "rain")}
    network = _draw(rng, lawn, causes)
    yield Case("why is the lawn wet?", args=(network, "rain", {"wet": 1}))
    yield Case("wet, and the sprinkler was on", args=(network, "rain", {"wet": 1, "sprinkler": 1}))
    yield Case("it rains: is the lawn wet?", args=(network, "wet", {"rain": 1}))
    yield Case("nothing seen yet", args=(network, "wet", {}))
    chain = _draw(rng, {"a": 3, "b": 2, "c": 4}, {"b": ("a",), "c": ("b",)})
    yield Case("backwards through a chain", args=(chain, "a", {"c": 2}))
    fork = _draw(rng, {"cold": 2, "cough": 3, "fever": 2}, {"cough": ("cold",), "fever": ("cold",)})
    yield Case("from one symptom to another", args=(fork, "cough", {"fever": 1}))
    states = {"u": 2, "v": 3, "w": 2, "x": 3, "y": 2}
    tangle = _draw(rng, states, {"w": ("v", "u"), "x": ("w",), "y": ("v", "w", "x")})
    yield Case("five variables, two seen", args=(tangle, "v", {"y": 0, "u": 1}), weight=2.0)
    yield Case("five variables, asked in the middle", args=(tangle, "w", {"x": 2}))


def oracle(network: Network, query: str, evidence: dict[str, int]) -> np.ndarray:
    """Walk through every possible world and add up those that agree with the evidence."""
    names = sorted(network)
    sizes = {name: network[name][1].shape[-1] for name in names}
    shares: list[list[float]] = [[] for _ in range(sizes[query])]
    for world in itertools.product(*(range(sizes[name]) for name in names)):
        at = dict(zip(names, world, strict=True))
        if all(at[name] == state for name, state in evidence.items()):
            shares[at[query]].append(
                math.prod(float(t[tuple(at[p] for p in (*above, n))]) for n, (above, t) in network.items())
            )
    total = math.fsum(itertools.chain(*shares))
    return np.array([math.fsum(share) / total for share in shares])


def _joint(network, swap_parents=False):
    """The probability of every world: an array with one axis per variable, in the dict's order."""
    axis = {name: i for i, name in enumerate(network)}
    operands = []
    for name, (parents, table) in network.items():
        order = tuple(reversed(parents)) if swap_parents else parents
        operands += [table, [axis[p] for p in order] + [axis[name]]]
    return np.einsum(*operands, list(range(len(network))))


def _slice(joint, network, evidence):
    return joint[tuple(evidence.get(name, slice(None)) for name in network)]


def _marginal(joint, names, query):
    return joint.sum(axis=tuple(i for i, name in enumerate(names) if name != query))


def _answer(joint, network, query, evidence):
    hidden = [name for name in network if name not in evidence]
    p = _marginal(_slice(joint, network, evidence), hidden, query)
    return p / p.sum()


def evidence_ignored(network, query, evidence):
    """Your answer is the same whatever was seen. Keep only the worlds that agree with the evidence, then
    normalise."""
    return _answer(_joint(network), network, query, {})


def hidden_variables_not_summed_out(network, query, evidence):
    """You fix the variables that nobody asked about and nobody saw in their first state. They may be in any:
    sum over all of their states."""
    hidden = {name: 0 for name in network if name != query and name not in evidence}
    return _answer(_joint(network), network, query, {**hidden, **evidence})


def maximum_over_hidden_variables(network, query, evidence):
    """For the unseen variables you take the likeliest state. All their states are possible: sum over them."""
    names = [name for name in network if name not in evidence]
    kept = _slice(_joint(network), network, evidence)
    p = kept.max(axis=tuple(i for i, name in enumerate(names) if name != query))
    return p / p.sum()


def not_normalised(network, query, evidence):
    """Your numbers sum to P(evidence), not to 1. You want probabilities *given* the evidence: divide by the
    sum."""
    names = [name for name in network if name not in evidence]
    return _marginal(_slice(_joint(network), network, evidence), names, query)


def normalised_before_the_evidence(network, query, evidence):
    """You multiply the query's probability with that of the evidence, as if they had nothing to do with each
    other. Select in the *joint* table the entries that agree with the evidence."""
    joint, names = _joint(network), list(network)
    p = _marginal(joint, names, query)
    for name, state in evidence.items():
        p = p * _marginal(joint, names, name)[state]
    return p


def looks_upstream_only(network, query, evidence):
    """You use the evidence about causes but not about effects. A wet lawn does say something about the rain:
    every table counts, those of the children too."""
    above, queue = set(), [query]
    while queue:
        for parent in network[queue.pop()][0]:
            if parent not in above:
                above.add(parent)
                queue.append(parent)
    return _answer(_joint(network), network, query, {n: s for n, s in evidence.items() if n in above})


def evidence_one_state_off(network, query, evidence):
    """You condition on the wrong state: states count from 0, so evidence 1 is the second one."""
    shifted = {n: (s - 1) % network[n][1].shape[-1] for n, s in evidence.items()}
    return _answer(_joint(network), network, query, shifted)


def asks_about_the_evidence_given_the_query(network, query, evidence):
    """This is P(evidence | query), for each state of the query. You were asked for P(query | evidence):
    weigh by the query's own probability too, and normalise."""
    names = [name for name in network if name not in evidence]
    joint = _joint(network)
    p = _marginal(_slice(joint, network, evidence), names, query) / _marginal(joint, list(network), query)
    return p / p.sum()


def _enumerated(network, query, evidence, entry, sizes, length):
    """World by world, as most people write it; `entry` picks the number from a table."""
    answer = np.zeros(length)
    for states in itertools.product(*(range(n) for n in sizes)):
        world = dict(zip(network, states, strict=True))
        if all(world[name] == state for name, state in evidence.items()):
            p = 1.0
            for name, (parents, table) in network.items():
                p *= entry(table, [world[parent] for parent in parents], world[name])
            answer[world[query]] += p
    with np.errstate(invalid="ignore"):
        return answer / answer.sum()


def _sizes(network):
    return [table.shape[-1] for _, table in network.values()]


def _parents_first(table, above, own):
    return table[(*above, own)]


def own_state_first(network, query, evidence):
    """You put the variable's own state first in the table's index. The parents come first, in the order in which they are listed, and the variable's own state comes last."""
    return _enumerated(network, query, evidence, lambda t, above, own: t[(own, *above)], _sizes(network), network[query][1].shape[-1])


def two_states_everywhere(network, query, evidence):
    """You let every variable have two states. Some have more: take the number of states from table.shape[-1]."""
    return _enumerated(network, query, evidence, _parents_first, [2] * len(network), 2)


def two_states_in_every_world(network, query, evidence):
    """Your worlds give every variable two states. Some have more: take the number of states from table.shape[-1]."""
    return _enumerated(network, query, evidence, _parents_first, [2] * len(network), network[query][1].shape[-1])


def answer_of_length_two(network, query, evidence):
    """Your answer has room for two states only. The query may have more: take their number from its table.shape[-1]."""
    return _enumerated(network, query, evidence, _parents_first, _sizes(network), 2)


EXERCISE = Exercise(
    id="01.bayes_net_query",
    title="Ask a Bayesian network",
    objects=("bayes_net_query",),
    points=3,
    cases=cases,
    oracle=oracle,
    mistakes=(
        evidence_ignored,
        hidden_variables_not_summed_out,
        maximum_over_hidden_variables,
        not_normalised,
        normalised_before_the_evidence,
        looks_upstream_only,
        evidence_one_state_off,
        asks_about_the_evidence_given_the_query,
        own_state_first,
        two_states_everywhere,
        two_states_in_every_world,
        answer_of_length_two,
    ),
    hints=(
        "Where do I start? → With one *world*: a state for every variable. Its probability is the product of"
        " one entry from each table.",
        "How do I visit all worlds? → itertools.product(*(range(n) for n in sizes)) gives every combination."
        " With five variables of two or three states there are less than a hundred.",
        "Which entry of a table? → The parents' states in the order in which they are listed, then the"
        " variable's own state: table[tuple(world[p] for p in parents) + (world[name],)].",
        "What do I do with a world's probability? → If it agrees with all of the evidence, add it to"
        " answer[state of the query]. Other worlds did not happen. At the end divide by the sum.",
        "```python\nfor states in itertools.product(*(range(t.shape[-1]) for _, t in network.values())):\n"
        "    world = dict(zip(network, states))\n"
        "    if all(world[name] == state for name, state in evidence.items()):\n"
        "        p = 1.0\n        for name, (parents, table) in network.items():\n"
        "            p *= ...   # one entry of table\n        answer[world[query]] += p\n```",
    ),
)
