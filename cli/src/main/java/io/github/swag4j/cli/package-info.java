/** The program: data sets, models, commands. */
package io.github.swag4j.cli;
