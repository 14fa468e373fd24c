package dev.convoy.cpu;

import java.util.List;

/** One whose library file is no library, or is missing. */
public final class BrokenAccelerator extends Accelerator {
  private final String resource;

  /** A file of this very class: no shared library at all. */
  public BrokenAccelerator() {
    this("dev/convoy/cpu/BrokenAccelerator.class");
  }

  BrokenAccelerator(String resource) {
    this.resource = resource;
  }

  @Override
  public String name() {
    return "broken";
  }

  /** Between the native backend and the reference. */
  @Override
  public int rank() {
    return 50;
  }

  @Override
  protected List<String> resources() {
    return List.of(resource);
  }

  @Override
  protected String dependency() {
    return "the dependency that brings it";
  }
}
