/**
 * Charts of acting on uncertainty: which rows to leave to a person, and sets of classes instead of
 * one.
 */
package io.github.swag4j.reports.selection;
