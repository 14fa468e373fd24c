@NullMarked
package dev.convoy.models.download;

import org.jspecify.annotations.NullMarked;
