@NullMarked
package dev.convoy.cli.doctor;

import org.jspecify.annotations.NullMarked;
