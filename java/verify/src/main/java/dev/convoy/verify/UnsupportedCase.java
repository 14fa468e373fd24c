package dev.convoy.verify;

/**
 * A case of a kind that nothing here can compute: known when its file is opened, counted when run.
 */
record UnsupportedCase(String id, String why) implements GoldenCase {
  @Override
  public CaseResult compare(Subject subject) {
    return CaseResult.unsupported(id, why);
  }
}
