/**
 * Several runs, seeds and files held against each other: gathered into groups that were judged on
 * the same rows, compared in pairs, written as one page and as tables. Nothing is trained here.
 */
package io.github.swag4j.cli.comparison;
