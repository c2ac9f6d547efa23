/**
 * Studies: a file of methods, seeds and limits of rows becomes jobs, each a training in a process
 * of its own; what is done is known again, and what fails loses nothing else.
 */
package io.github.swag4j.cli.study;
