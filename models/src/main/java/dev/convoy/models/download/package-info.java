/**
 * Fetching one file of known SHA-256 over HTTP: resumed, checked, complete or not there. Knows
 * nothing of networks; nothing else in the library opens a connection.
 */
@NullMarked
package dev.convoy.models.download;

import org.jspecify.annotations.NullMarked;
