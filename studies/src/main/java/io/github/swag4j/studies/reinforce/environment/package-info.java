/**
 * What an agent learns in: the interface that a user's own environment implements, and four of the
 * classic control tasks, equal step by step to those of Gymnasium. Knows no engine and no agent.
 */
package io.github.swag4j.studies.reinforce.environment;
