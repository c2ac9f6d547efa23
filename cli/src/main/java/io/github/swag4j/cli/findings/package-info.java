/**
 * What numbers say in words: whole sentences that follow from intervals, for a page's opening.
 * Knows predictions and their metrics; no files, no page and no engine.
 */
package io.github.swag4j.cli.findings;
