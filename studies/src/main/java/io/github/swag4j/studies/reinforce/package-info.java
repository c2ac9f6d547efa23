/**
 * Averaging in reinforcement learning: agents of {@code .agent} trained on tasks of {@code
 * .environment}, with averages of their weights kept aside and judged on the same starts.
 */
package io.github.swag4j.studies.reinforce;
