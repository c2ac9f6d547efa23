"""Writes golden steps and episodes of the classic control tasks, made by Gymnasium itself.

For each task: transitions (state before, action, state after, observation, reward, terminated) sampled
from episodes under several rules of acting, with all that terminate; and the episodes as a whole (seed,
rule, start, length, return, how it ended, state after 50 steps). States are Gymnasium's own: float64, and
float32 where it keeps that. Further transitions from states at the edges, where speeds are clipped, angles wrapped,
walls hit and goals missed by little; and how episodes end under time limits around their last step. Run with gymnasium 1.3.0 and numpy 2.4.6 (pip install gymnasium):

    python studies/src/test/python/make_control_golden.py
"""

import json
import math
import pathlib

import gymnasium
import numpy as np

TARGET = pathlib.Path(__file__).parents[1] / "resources/io/github/swag4j/studies/reinforce/control.json"
SEEDS = [0, 1, 2, 3, 12345678901234567]


def choice(name, k, observation, random):
    """The rules of acting for choices; the same stand in ControlGoldenTest."""
    if name == "alternating":
        return k % 2
    if name == "cycling":
        return (2, 0, 1)[k % 3]
    if name == "balancing":
        x, v, th, om = (float(o) for o in observation)
        return 1 if 0.1 * x + 0.2 * v + th + 0.3 * om > 0 else 0
    if name == "pumping":
        return 0 if observation[4] > 0 else 2
    return int(random.integers(0, 2))


def vector(name, k, observation, random):
    if name == "sine":
        return np.float32(2 * math.sin(0.1 * k))
    if name == "beyond":
        return np.float32(3 if k // 7 % 2 == 0 else -3)
    if name == "pumping":
        return np.float32(1 if observation[1] >= 0 else -1)
    if name == "pushing left":
        return np.float32(-0.7)
    return np.float32(random.uniform(-1, 1))


TASKS = {
    "CARTPOLE": ("CartPole-v1", ["alternating", "random", "balancing"], choice),
    "ACROBOT": ("Acrobot-v1", ["cycling", "pumping"], choice),
    "PENDULUM": ("Pendulum-v1", ["sine", "beyond", "random"], vector),
    "MOUNTAIN_CAR_CONTINUOUS": (
        "MountainCarContinuous-v0",
        ["pumping", "beyond", "pushing left", "random"],
        vector,
    ),
}

F = np.float32
SLOW = float(F(0.001))

# State, action and whether it is the first step, which MountainCarContinuous takes in float64.
EDGES = {
    "CARTPOLE": [
        ([2.39, 1.0, 0.0, 0.0], 1),
        ([2.39, 0.4, 0.0, 0.0], 0),
        ([-2.39, -1.0, 0.0, 0.0], 0),
        ([0.0, 0.0, 0.2094, 0.5], 1),
        ([0.0, 0.0, 0.2, 0.4], 1),
        ([0.0, 0.0, -0.2094, -0.5], 0),
    ],
    "ACROBOT": [
        ([3.1, 3.0, 2.0, 1.5], 2),
        ([-3.1, -3.0, -2.0, -1.5], 0),
        ([0.1, -0.2, 12.5, 28.0], 2),
        ([0.1, -0.2, -12.5, -28.0], 0),
        ([2.5, -0.5, 3.0, -1.0], 1),
    ],
    "PENDULUM": [
        ([math.pi, 0.0], 0),
        ([-math.pi, 0.0], 0),
        ([math.pi, 0.0], 2),
        ([0.0, 0.0], 0),
        ([3 * math.pi + 0.25, 1.0], -1),
        ([-5 * math.pi - 0.25, -1.0], 1),
        ([1.5, 7.9], 2),
        ([-1.5, -7.9], -3),
    ],
    "MOUNTAIN_CAR_CONTINUOUS": [
        (state, action, first)
        for first in (False, True)
        for state, action in [
            ([-1.1875, -0.0625], -1),
            ([-1.1875, -0.0625], -1.5),
            ([-1.2, -0.07], 0),
            ([-1.2, 0.0], -1),
            ([-1.2, 0.0], 1),
            ([-1.1875, 0.0625], -1),
            ([0.5625, 0.0625], 1),
            ([0.6, 0.07], 2),
            ([0.4375, 0.0125], 0),
            ([0.4375, 0.0140625], 0),
            ([0.4453125, SLOW], 0),
            ([0.53125, -0.0625], 0),
            ([-1.0, 0.0697265625], 1),
            ([0.0, -0.0697265625], -1),
        ]
    ],
}


def numbers(array):
    return [float(x) for x in array]


def episode(environment, seed, rule, act):
    random = np.random.default_rng(seed)
    observation, _ = environment.reset(seed=seed)
    inner = environment.unwrapped
    start = numbers(inner.state)
    steps, total, k = [], 0.0, 0
    while True:
        before = numbers(inner.state)
        action = act(rule, k, observation, random)
        given = np.array([action], dtype=np.float32) if act is vector else action
        observation, reward, terminated, truncated, _ = environment.step(given)
        steps.append(
            {
                "first": k == 0,
                "before": before,
                "action": float(action),
                "after": numbers(inner.state),
                "observation": numbers(observation),
                "reward": float(reward),
                "terminated": terminated,
            }
        )
        total += float(reward)
        k += 1
        if terminated or truncated:
            break
    return steps, {
        "seed": seed,
        "rule": rule,
        "start": start,
        "steps": k,
        "return": total,
        "terminated": terminated,
        "truncated": truncated,
        "actions": [s["action"] for s in steps[:50]] if rule == "random" else None,
        "after50": steps[49]["after"] if k >= 50 else None,
    }


def edge(environment, state, action, act, first=False):
    """One step from a state that was set."""
    environment.reset(seed=0)
    inner = environment.unwrapped
    narrow = environment.spec.id.startswith("MountainCar") and not first
    inner.state = np.array(state, dtype=F if narrow else np.float64)
    before = numbers(inner.state)
    given = np.array([action], dtype=F) if act is vector else action
    observation, reward, terminated, _, _ = inner.step(given)
    return {
        "first": first,
        "before": before,
        "action": float(action),
        "after": numbers(inner.state),
        "observation": numbers(observation),
        "reward": float(reward),
        "terminated": terminated,
    }


def limited(limit):
    """The end of CartPole's episode of seed 0, actions alternating, which is over after 39 steps."""
    environment = gymnasium.make("CartPole-v1", max_episode_steps=limit)
    environment.reset(seed=0)
    for k in range(limit):
        _, _, terminated, truncated, _ = environment.step(k % 2)
        if terminated or truncated:
            return {"limit": limit, "steps": k + 1, "terminated": terminated, "truncated": truncated}


def main():
    out = {"gymnasium": gymnasium.__version__, "numpy": np.__version__, "tasks": {}}
    for task, (name, rules, act) in TASKS.items():
        environment = gymnasium.make(name)
        transitions, episodes = [], []
        for rule in rules:
            for seed in SEEDS if rule == rules[0] else SEEDS[:2]:
                steps, summary = episode(environment, seed, rule, act)
                if rule != "random" or summary["steps"] >= 50 or act is choice:
                    episodes.append(summary)
                wanted = {0, 1, len(steps) // 3, len(steps) // 2, 2 * len(steps) // 3, len(steps) - 1}
                transitions += [steps[i] for i in sorted(wanted)]
        edges = [edge(environment, state, action, act, *first) for state, action, *first in EDGES[task]]
        out["tasks"][task] = {"transitions": transitions, "episodes": episodes, "edges": edges}
        ends = [(e["rule"], e["steps"], round(e["return"], 2), e["terminated"]) for e in episodes]
        print(task, len(transitions), ends)
    out["limits"] = [limited(limit) for limit in (38, 39, 40)]
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(out) + "\n")
    print(TARGET.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
