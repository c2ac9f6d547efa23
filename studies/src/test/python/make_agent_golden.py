#!/usr/bin/env python3
"""Makes the golden values of agents' losses, advantages and updates with PyTorch.

    OMP_NUM_THREADS=1 python3 make_agent_golden.py ../resources/io/github/swag4j/studies/reinforce/agent.json

Formulas as the papers have them, written with torch's own distributions. Made with torch 2.13.0 (CPU).
"""

import json
import pathlib
import sys

import torch
from torch.distributions import Categorical, Normal

torch.manual_seed(20261129)
D = torch.float64


def values(x):
    return x.detach().flatten().tolist()


def choice():
    logits = torch.randn(6, 3, dtype=D, requires_grad=True)
    actions = torch.randint(0, 3, (6,))
    advantages = torch.randn(6, dtype=D)
    law = Categorical(logits=logits)
    policy = -(advantages * law.log_prob(actions)).mean()
    entropy = -law.entropy().mean()
    grads = [torch.autograd.grad(x, logits, retain_graph=True)[0] for x in (policy, entropy)]
    return dict(logits=values(logits), actions=actions.tolist(), advantages=values(advantages),
                policy=policy.item(), entropy=entropy.item(), policyGradient=values(grads[0]),
                entropyGradient=values(grads[1]))


def vector():
    means = torch.randn(5, 2, dtype=D, requires_grad=True)
    logs = (torch.randn(2, dtype=D) * 0.5).requires_grad_()
    actions = torch.randn(5, 2, dtype=D)
    advantages = torch.randn(5, dtype=D)
    law = Normal(means, logs.exp())
    policy = -(advantages * law.log_prob(actions).sum(1)).mean()
    entropy = -law.entropy().sum(1).mean()
    grads = torch.autograd.grad(policy, [means, logs], retain_graph=True)
    return dict(means=values(means), logs=values(logs), actions=values(actions),
                advantages=values(advantages), policy=policy.item(), entropy=entropy.item(),
                meanGradient=values(grads[0]), logGradient=values(grads[1]))


def returns():
    """Generalised advantages of 2 environments and 6 steps, one by one from the definition."""
    gamma, lam, n, e = 0.9, 0.8, 6, 2
    rewards, value = torch.randn(n, e, dtype=D), torch.randn(n, e, dtype=D)
    ended = torch.zeros(n, e, dtype=torch.bool)
    ended[1, 0] = ended[3, 1] = ended[5, 1] = True
    end = torch.zeros(n, e, dtype=D)
    end[3, 1] = 0.7  # cut by a time limit; the other two ends are real
    last = torch.randn(e, dtype=D)
    out = torch.zeros(n, e, dtype=D)
    for env in range(e):
        for t in range(n):
            weight = 1.0
            for k in range(t, n):
                after = end[k, env] if ended[k, env] else (value[k + 1, env] if k + 1 < n else last[env])
                out[t, env] += weight * (rewards[k, env] + gamma * after - value[k, env])
                if ended[k, env]:
                    break
                weight *= gamma * lam
    return dict(gamma=gamma, lam=lam, rewards=values(rewards), values=values(value),
                ended=ended.flatten().tolist(), end=values(end), last=values(last),
                advantages=values(out), returns=values(out + value))


if __name__ == "__main__":
    out = pathlib.Path(sys.argv[1])
    out.write_text(json.dumps(dict(choice=choice(), vector=vector(), returns=returns())) + "\n")
