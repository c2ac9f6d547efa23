#!/usr/bin/env python3
"""Makes the golden values of agents' losses, advantages and updates with PyTorch.

    OMP_NUM_THREADS=1 python3 make_agent_golden.py ../resources/io/github/swag4j/studies/reinforce/agent.json

Formulas as the papers have them, written with torch's own distributions, autograd and optimisers; the updates in the
order of Stable-Baselines3's A2C.train and DDPG (TD3.train without delay, smoothing and second critic). All in float64,
from weights and batches that float32 holds exactly. Made with torch 2.13.0 (CPU).
"""

import copy
import json
import pathlib
import sys

import torch
from torch import nn
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


def single(*shape):
    """Normal draws that float32 holds exactly, of few digits."""
    return (torch.randn(*shape, dtype=D) * 256).round() / 256


def network(sizes, between, last=None):
    """Linear layers with weights large enough for every term of a loss to show."""
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layer = nn.Linear(a, b, dtype=D)
        with torch.no_grad():
            layer.weight.copy_(single(b, a) * 0.75)
            layer.bias.copy_(single(b) * 0.25)
        layers += [layer, between()]
    layers[-1] = last() if last else nn.Identity()
    return nn.Sequential(*layers)


def tensors(net):
    return [values(p) for p in net.parameters()]


def a2c(outputs, vectors):
    """Three steps of RMSProp; the gradients' norm is above the limit, below it, and above it again."""
    entropy, value_weight, max_norm, rate, rows = 0.01, 0.5, 0.5, 0.01, 6
    actor, critic = network([3, 4, outputs], nn.Tanh), network([3, 4, 1], nn.Tanh)
    logs = torch.zeros(outputs, dtype=D, requires_grad=True) if vectors else None
    parameters = [*actor.parameters(), *critic.parameters()] + ([logs] if vectors else [])
    optimizer = torch.optim.RMSprop(parameters, lr=rate, alpha=0.99, eps=1e-5)
    out = dict(entropy=entropy, value=value_weight, maxNorm=max_norm, rate=rate, actor=tensors(actor),
               critic=tensors(critic), updates=[])
    for size in (2.0, 0.125, 1.0):
        states = single(rows, 3)
        actions = single(rows, outputs) if vectors else torch.randint(0, outputs, (rows,))
        advantages = single(rows) * size
        returns = critic(states).detach().flatten() + single(rows) * size
        returns = (returns * 256).round() / 256
        law = Normal(actor(states), logs.exp()) if vectors else Categorical(logits=actor(states))
        log_prob, randomness = law.log_prob(actions), law.entropy()
        if vectors:
            log_prob, randomness = log_prob.sum(1), randomness.sum(1)
        policy_loss = -(advantages * log_prob).mean()
        value_loss = nn.functional.mse_loss(critic(states).flatten(), returns)
        loss = policy_loss - entropy * randomness.mean() + value_weight * value_loss
        optimizer.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(parameters, max_norm)
        optimizer.step()
        out["updates"].append(dict(states=values(states), actions=values(actions), advantages=values(advantages),
                                   returns=values(returns), norm=norm.item(), actor=tensors(actor),
                                   critic=tensors(critic), logs=values(logs) if vectors else None))
    return out


def ddpg():
    """Three updates: the critic's step of Adam, the actor's up the new critic, then the targets'."""
    gamma, rate, tau, rows, place = 0.9, 0.01, 0.125, 6, 2
    actor, critic = network([3, 5, place], nn.ReLU, nn.Tanh), network([3 + place, 5, 1], nn.ReLU)
    target_actor, target_critic = copy.deepcopy(actor), copy.deepcopy(critic)
    actor_steps = torch.optim.Adam(actor.parameters(), lr=rate)
    critic_steps = torch.optim.Adam(critic.parameters(), lr=rate)
    out = dict(gamma=gamma, rate=rate, tau=tau, actor=tensors(actor), critic=tensors(critic), updates=[])
    for _ in range(3):
        states, following = single(rows, 3), single(rows, 3)
        actions = (torch.rand(rows, place, dtype=D) * 512 - 256).round() / 256
        rewards = single(rows)
        done = (torch.arange(rows) % 3 == 1).to(D)
        with torch.no_grad():
            after = target_critic(torch.cat([following, target_actor(following)], 1)).flatten()
            wanted = rewards + gamma * (1 - done) * after
        critic_loss = nn.functional.mse_loss(critic(torch.cat([states, actions], 1)).flatten(), wanted)
        critic_steps.zero_grad()
        critic_loss.backward()
        critic_steps.step()
        actor_loss = -critic(torch.cat([states, actor(states)], 1)).mean()
        actor_steps.zero_grad()
        actor_loss.backward()
        actor_steps.step()
        with torch.no_grad():
            for live, target in ((critic, target_critic), (actor, target_actor)):
                for p, t in zip(live.parameters(), target.parameters()):
                    t.mul_(1 - tau).add_(p, alpha=tau)
        out["updates"].append(dict(states=values(states), actions=values(actions), rewards=values(rewards),
                                   next=values(following), goesOn=values(1 - done), actor=tensors(actor),
                                   critic=tensors(critic), targetActor=tensors(target_actor),
                                   targetCritic=tensors(target_critic)))
    return out


if __name__ == "__main__":
    out = pathlib.Path(sys.argv[1])
    golden = dict(choice=choice(), vector=vector(), returns=returns(), a2cChoice=a2c(3, False),
                  a2cVector=a2c(2, True), ddpg=ddpg())
    out.write_text(json.dumps(golden) + "\n")
