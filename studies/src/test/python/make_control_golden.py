"""Writes golden steps and episodes of the classic control tasks, made by Gymnasium itself.

For each task: transitions (state before, action, state after, observation, reward, terminated) sampled
from episodes under several rules of acting, with all that terminate; and the episodes as a whole (seed,
rule, start, length, return, how it ended, state after 50 steps). States are Gymnasium's own: float64, and
float32 where it keeps that. Run with gymnasium 1.3.0 and numpy 2.4.6 (pip install gymnasium):

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
        out["tasks"][task] = {"transitions": transitions, "episodes": episodes}
        ends = [(e["rule"], e["steps"], round(e["return"], 2), e["terminated"]) for e in episodes]
        print(task, len(transitions), ends)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(out) + "\n")
    print(TARGET.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
