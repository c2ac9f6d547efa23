/**
 * What every study stands on: a run directory whose finished parts are kept and not done again,
 * options, and the page with its tables and pictures. Knows no study and no engine.
 */
package io.github.swag4j.studies.frame;
