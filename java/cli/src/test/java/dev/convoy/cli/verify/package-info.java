@NullMarked
package dev.convoy.cli.verify;

import org.jspecify.annotations.NullMarked;
