package dev.convoy.reference;

import dev.convoy.graph.AdaptivePool2d;
import dev.convoy.graph.Pool2d;
import dev.convoy.graph.Pooling;
import dev.convoy.graph.Window;
import dev.convoy.tensor.Shape;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/** Pooling: each output pixel reads the rows and the columns of its window that exist. */
final class PoolOperation implements Operation {
  /**
   * The part of a window along one axis.
   *
   * @param first the first position inside the map
   * @param end one beyond the last position inside the map
   * @param step from one position to the next
   * @param counted positions that an average counts
   */
  private record Span(int first, int end, int step, int counted) {}

  private final Pooling kind;
  private final Shape in;
  private final Span[] rows;
  private final Span[] columns;
  private final Precision precision;

  private PoolOperation(Pooling kind, Shape in, Span[] rows, Span[] columns, Precision precision) {
    this.kind = kind;
    this.in = in;
    this.rows = rows;
    this.columns = columns;
    this.precision = precision;
  }

  static PoolOperation of(Pool2d op, Shape in, Shape out, Precision precision) {
    Window w = op.window();
    Span[] rows = new Span[out.height()];
    for (int y = 0; y < rows.length; y++) {
      int start = y * w.strideH() - w.top();
      rows[y] = span(start, w.spanH(), w.dilationH(), in.height(), w.bottom(), op);
    }
    Span[] columns = new Span[out.width()];
    for (int x = 0; x < columns.length; x++) {
      int start = x * w.strideW() - w.left();
      columns[x] = span(start, w.spanW(), w.dilationW(), in.width(), w.right(), op);
    }
    return new PoolOperation(op.kind(), in, rows, columns, precision);
  }

  private static Span span(int start, int span, int step, int size, int after, Pool2d op) {
    int skipped = start < 0 ? (-start + step - 1) / step : 0;
    int first = start + skipped * step;
    int end = Math.min(start + span, size);
    int counted = op.countIncludePad() ? Math.min(start + span, size + after) - start : end - first;
    return new Span(first, end, step, counted);
  }

  static PoolOperation of(AdaptivePool2d op, Shape in, Precision precision) {
    return new PoolOperation(
        op.kind(),
        in,
        adaptive(in.height(), op.height()),
        adaptive(in.width(), op.width()),
        precision);
  }

  private static Span[] adaptive(int size, int windows) {
    Span[] spans = new Span[windows];
    for (int i = 0; i < windows; i++) {
      int first = (int) ((long) i * size / windows);
      int end = (int) (((i + 1L) * size + windows - 1) / windows);
      spans[i] = new Span(first, end, 1, end - first);
    }
    return spans;
  }

  @Override
  public void run(List<Reals> inputs, Reals output, Workers workers) {
    Reals map = inputs.get(0);
    workers.share(
        in.channels(),
        in.size(),
        c -> {
          int to = c * rows.length * columns.length;
          for (Span row : rows) {
            for (Span column : columns) {
              output.set(to++, pool(map, c, row, column));
            }
          }
        });
  }

  private double pool(Reals map, int c, Span row, Span column) {
    return switch (kind) {
      case MAX ->
          select(map, c, row, column, -1.0 / 0, (x, acc) -> x > acc || Double.isNaN(x) ? x : acc);
      case MIN ->
          select(map, c, row, column, 1.0 / 0, (x, acc) -> x < acc || Double.isNaN(x) ? x : acc);
      case AVERAGE -> average(map, c, row, column);
    };
  }

  private double select(
      Reals map, int c, Span row, Span column, double none, DoubleBinaryOperator winner) {
    double acc = none;
    boolean first = true;
    for (int y = row.first; y < row.end; y += row.step) {
      for (int x = column.first; x < column.end; x += column.step) {
        double value = map.get((c * in.height() + y) * in.width() + x);
        acc = first ? value : winner.applyAsDouble(value, acc);
        first = false;
      }
    }
    return acc;
  }

  private double average(Reals map, int c, Span row, Span column) {
    double acc = 0;
    for (int y = row.first; y < row.end; y++) {
      for (int x = column.first; x < column.end; x++) {
        acc = precision.round(acc + map.get((c * in.height() + y) * in.width() + x));
      }
    }
    return acc / ((double) row.counted * column.counted);
  }
}
