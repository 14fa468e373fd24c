@NullMarked
package dev.convoy.cli.predict;

import org.jspecify.annotations.NullMarked;
