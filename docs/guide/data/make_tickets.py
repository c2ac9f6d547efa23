"""Makes the files of the guide: tickets that two models sort into three queues.

Synthetic. Model A is over-confident, most of all for tickets of the chat from week 9 on, which it
has not seen the like of. Model B knows the same and is less sure of it.

Usage: python make_tickets.py   (writes beside itself)
"""

import datetime
import pathlib

import numpy as np

QUEUES = ["billing", "delivery", "returns"]
rng = np.random.default_rng(20260131)
here = pathlib.Path(__file__).parent


def tickets(prefix, rows, weeks):
    channel = rng.choice(["chat", "mail", "phone"], rows, p=[0.3, 0.5, 0.2])
    week = np.sort(rng.integers(weeks[0], weeks[1] + 1, rows))
    label = rng.choice(3, rows, p=[0.5, 0.3, 0.2])
    hard = (channel == "chat") & (week >= 9)
    signal = np.where(hard, 0.4, np.where(channel == "phone", 2.0, 2.6))
    logits = rng.normal(0, 1, (rows, 3))
    logits[np.arange(rows), label] += signal
    day = [
        datetime.date(2026, 1, 5) + datetime.timedelta(days=int(7 * (w - 1) + rng.integers(0, 7)))
        for w in week
    ]
    order = np.argsort(np.array(day), kind="stable")
    return [
        (f"{prefix}{n + 1:04d}", day[i], channel[i], logits[i], label[i])
        for n, i in enumerate(order)
    ]


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def write(name, rows, probabilities):
    lines = ["id,date,channel,billing,delivery,returns,label"]
    for (identifier, day, channel, _, label), p in zip(rows, probabilities):
        first, second = (round(float(v), 5) for v in p[:2])
        third = round(1 - first - second, 5)
        lines.append(
            f"{identifier},{day},{channel},{first:.5f},{second:.5f},{abs(third):.5f},{QUEUES[label]}"
        )
    (here / name).write_text("\n".join(lines) + "\n")


validation = tickets("v", 600, (1, 6))
test = tickets("t", 800, (7, 12))
write("tickets-validation.csv", validation, [softmax(2.0 * r[3]) for r in validation])
write("tickets-test.csv", test, [softmax(2.0 * r[3]) for r in test])
write(
    "tickets-test-b.csv",
    test,
    [softmax(1.5 * (r[3] + rng.normal(0, 0.1, 3))) for r in test],
)
