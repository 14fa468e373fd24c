/**
 * What every part of Convoy stands on: its exception, where it keeps files, what it suggests, how
 * it writes for people.
 */
@NullMarked
package dev.convoy;

import org.jspecify.annotations.NullMarked;
