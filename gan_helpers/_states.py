"""The states of a GAN's random numbers, which Keras leaves out of its files."""

import numpy as np


def find(gan):
    """Dict from a name to each state, by owner."""
    states, known = {}, {id(weight) for weight in gan.weights}
    owners = {"generator": gan.generator, "discriminator": gan.discriminator, "gan": gan}
    for name, owner in owners.items():
        found = [variable for variable in owner.variables if id(variable) not in known]
        known |= {id(variable) for variable in found}
        states |= {f"{name}_{index}": state for index, state in enumerate(found)}
    return states


def save(gan, store):
    """Put the states into the store of a weights file."""
    for name, state in find(gan).items():
        store[name] = np.asarray(state)


def load(gan, store):
    """Take the states from the store, and return what else it holds, as a dict.

    Raises:
        ValueError: the file is of a GAN with other random layers.
    """
    states, kept = find(gan), {name: store[name] for name in store.keys()}  # noqa: SIM118
    weights = {name: kept.pop(name) for name in [*kept] if name.isdigit()}
    if set(kept) != set(states):
        raise ValueError(
            f"The file holds the random states {sorted(kept)}, this GAN has {sorted(states)}. "
            "Its networks have other layers, such as dropout."
        )
    for name, state in states.items():
        state.assign(kept[name][()])
    return weights
