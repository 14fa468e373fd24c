/**
 * The model zoo: one file a family, the catalogue of names, published weights and recipes, and the
 * classifier around them.
 */
@NullMarked
package dev.convoy.models;

import org.jspecify.annotations.NullMarked;
