/**
 * Configurations in files: what they say, line by line, and the options of a command that this
 * stands for. No command and nothing of a run may enter but the exception for wrong usage.
 */
package io.github.swag4j.cli.config;
