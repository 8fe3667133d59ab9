"""01.bayes_net_query written in other ways; each must pass."""

import itertools

import numpy as np


def all_worlds(network, query, evidence):
    answer = np.zeros(network[query][1].shape[-1])
    for states in itertools.product(*(range(table.shape[-1]) for _, table in network.values())):
        world = dict(zip(network, states))
        if any(world[name] != state for name, state in evidence.items()):
            continue
        p = 1.0
        for name, (parents, table) in network.items():
            p *= table[tuple(world[parent] for parent in parents) + (world[name],)]
        answer[world[query]] += p
    return answer / answer.sum()


def one_big_einsum(network, query, evidence):
    axis = {name: i for i, name in enumerate(network)}
    operands = []
    for name, (parents, table) in network.items():
        operands += [table, [axis[p] for p in parents] + [axis[name]]]
    for name, state in evidence.items():
        operands += [np.eye(network[name][1].shape[-1])[state], [axis[name]]]
    p = np.einsum(*operands, [axis[query]])
    return p / p.sum()


def recursive(network, query, evidence):
    def total(seen, left):
        if not left:
            return 1.0
        name = next(n for n in left if all(p in seen for p in network[n][0]))
        parents, table = network[name]
        row = table[tuple(seen[p] for p in parents)]
        rest = [n for n in left if n != name]
        states = [seen_fixed[name]] if name in seen_fixed else range(len(row))
        return sum(row[s] * total({**seen, name: s}, rest) for s in states)

    answer = []
    for state in range(network[query][1].shape[-1]):
        seen_fixed = {**evidence, query: state}
        answer.append(total({}, list(network)))
    return np.array(answer) / sum(answer)


def joint_table_then_slice(network, query, evidence):
    names = list(network)
    sizes = [network[n][1].shape[-1] for n in names]
    joint = np.ones(sizes)
    for name, (parents, table) in network.items():
        family = [*parents, name]
        order = sorted(range(len(family)), key=lambda i: names.index(family[i]))
        shape = [s if n in family else 1 for n, s in zip(names, sizes)]
        joint = joint * np.transpose(table, order).reshape(shape)
    for axis, name in enumerate(names):
        if name in evidence:
            joint = np.take(joint, [evidence[name]], axis=axis)
    p = joint.sum(axis=tuple(i for i, n in enumerate(names) if n != query))
    return p / p.sum()


VARIANTS = (all_worlds, one_big_einsum, recursive, joint_table_then_slice)
