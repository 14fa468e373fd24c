@NullMarked
package dev.convoy.models;

import org.jspecify.annotations.NullMarked;
