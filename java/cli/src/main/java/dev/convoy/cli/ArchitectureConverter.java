package dev.convoy.cli;

import dev.convoy.ConvoyException;
import dev.convoy.Suggestion;
import dev.convoy.models.Architecture;
import dev.convoy.models.Catalog;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a MODEL argument: a name of the {@link Catalog}. */
public final class ArchitectureConverter implements ITypeConverter<Architecture> {
  /** The names, for completion and for help texts. */
  public static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return names().iterator();
    }
  }

  @Override
  public Architecture convert(String name) {
    try {
      return Catalog.find(name);
    } catch (ConvoyException e) {
      String advice =
          Suggestion.of(name, names()).map(near -> "did you mean " + near + "? ").orElse("");
      throw new TypeConversionException(
          "there is no model '" + name + "'; " + advice + "'convoy models' lists all of them");
    }
  }

  private static List<String> names() {
    return Catalog.all().stream().map(Architecture::name).toList();
  }
}
