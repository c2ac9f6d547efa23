/** What a person reads: tables on the terminal and report pages, made from results. */
package io.github.swag4j.cli.page;
