/**
 * Agents that learn on the engine, with their weights open to averaging: an advantage actor-critic
 * (A2C) for choices and vectors, and a deterministic policy gradient (DDPG) for vectors. Knows
 * environments, and nothing of studies or of averages: those read an agent's weights from outside
 * and never act in its training.
 */
package io.github.swag4j.studies.reinforce.agent;
