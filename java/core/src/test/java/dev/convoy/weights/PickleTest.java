package dev.convoy.weights;

import static dev.convoy.weights.Samples.assertRefused;
import static dev.convoy.weights.Samples.assertValues;
import static dev.convoy.weights.Samples.floats;
import static dev.convoy.weights.Samples.zip;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PickleTest {
  private static final byte[] SIX = floats(0, 1, 2, 3, 4, 5);

  @TempDir Path directory = Path.of("");

  private static Pickle start() {
    return new Pickle().proto(2);
  }

  private static long[] of(long... values) {
    return values;
  }

  @Test
  void viewsOfOneStorage() throws IOException {
    Pickle pickle =
        start()
            .op("}(")
            .text("dense")
            .tensor(6, 0, of(2, 3), of(3, 1))
            .text("tied")
            .tensor(6, 0, of(2, 3), of(3, 1))
            .text("transposed")
            .tensor(6, 0, of(3, 2), of(1, 3))
            .text("column")
            .tensor(6, 1, of(2), of(3))
            .text("expanded")
            .tensor(6, 5, of(2, 2), of(0, 0))
            .text("one")
            .tensor(6, 4, of(1, 1), of(77, 99))
            .text("scalar")
            .tensor(6, 2, of(), of())
            .text("oneInside")
            .tensor(6, 0, of(3, 1, 2), of(1, Long.MAX_VALUE, 3))
            .op("u.");
    Weights weights = Weights.load(zip(directory, pickle, SIX));

    assertValues(weights, "dense", new int[] {2, 3}, 0, 1, 2, 3, 4, 5);
    assertValues(weights, "tied", new int[] {2, 3}, 0, 1, 2, 3, 4, 5);
    assertValues(weights, "transposed", new int[] {3, 2}, 0, 3, 1, 4, 2, 5);
    assertValues(weights, "column", new int[] {2}, 1, 4);
    assertValues(weights, "expanded", new int[] {2, 2}, 5, 5, 5, 5);
    assertValues(weights, "one", new int[] {1, 1}, 4);
    assertValues(weights, "scalar", new int[] {}, 2);
    assertValues(weights, "oneInside", new int[] {3, 1, 2}, 0, 3, 1, 4, 2, 5);
  }

  @Test
  void protocolsZeroAndFourAreRead() throws IOException {
    Pickle zero =
        new Pickle()
            .op("(dp0\nS'w'\np1\n")
            .global("torch._utils", "_rebuild_tensor_v2")
            .op("(((S'storage'\n")
            .global("torch", "FloatStorage")
            .op("S'0'\nS'cpu'\nL6L\ntQI0\n(I6\nt(I1\ntI00\nNt");
    // one mark too many, taken away again
    zero =
        new Pickle()
            .op(new String(zero.bytes(), StandardCharsets.ISO_8859_1).replace("(((S", "((S"));
    assertValues(
        Weights.load(zip(directory, zero.op("Rs."), SIX)), "w", new int[] {6}, 0, 1, 2, 3, 4, 5);

    Pickle four =
        new Pickle()
            .proto(4)
            .op("\u0095\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000}\u0094\u008c\u0001w\u0094")
            .op("\u008c\u000ctorch._utils\u0094\u008c\u0012_rebuild_tensor_v2\u0094\u0093\u0094(")
            .storage("FloatStorage", "0", 6)
            .op("K\u0004\u00880K\u0002\u0085K\u0001\u0085\u0089}tRs.");
    assertValues(Weights.load(zip(directory, four, SIX)), "w", new int[] {2}, 4, 5);
  }

  @Test
  void untypedStoragesAndParametersAreRead() throws IOException {
    Pickle pickle =
        start()
            .op("}")
            .text("w")
            .global("torch._utils", "_rebuild_parameter")
            .op("(")
            .global("torch._utils", "_rebuild_tensor_v3")
            .op("((")
            .text("storage")
            .global("torch.storage", "UntypedStorage")
            .text("0")
            .text("cpu")
            .integer(24)
            .op("tQ")
            .integer(3)
            .tuple(2)
            .tuple(1)
            .op("\u0089N")
            .global("torch", "float32")
            .op("tR\u0088NtRs.");
    assertValues(Weights.load(zip(directory, pickle, SIX)), "w", new int[] {2}, 3, 4);
  }

  @Test
  void attributesOfAStateDictAndWrappersArePassedOver() throws IOException {
    Pickle pickle =
        start()
            .op("}(")
            .text("epoch")
            .integer(3)
            .text("optimizer")
            .op("}(")
            .text("state")
            .op("]u")
            .text("model")
            .global("collections", "OrderedDict")
            .op(")R")
            .text("module.w")
            .tensor(6, 0, of(1), of(1))
            .op("s}")
            .text("_metadata")
            .global("collections", "OrderedDict")
            .op(")Rsbu.");
    Path file = zip(directory, pickle, SIX);

    assertEquals(List.of("w"), Weights.load(file).names());
    assertEquals("model", WeightFile.inspect(file).wrapper());
  }

  @ParameterizedTest
  @CsvSource({
    "os, system",
    "posix, system",
    "nt, system",
    "builtins, eval",
    "builtins, exec",
    "__builtin__, getattr",
    "builtins, __import__",
    "subprocess, Popen",
    "torch, load",
    "torch.storage, _load_from_bytes",
    "torch._utils, _rebuild_qtensor",
    "torch, ComplexFloatStorage",
    "torch, complex64",
    "torch, float8_e4m3fn",
    "numpy.core.multiarray, _reconstruct",
    "argparse, Namespace",
    "__main__, Net",
    "torch.nn.modules.conv, Conv2d",
    "'collections.OrderedDict', ''",
    "'', ''",
    "'collections', 'OrderedDict.__init__'",
    "__torch__, Net",
    "dev.convoy.weights, Weights",
    "java.lang, Runtime",
    "runpy, _run_code",
    "torch.nn.parameter, Parameter.__class__",
    "torch._utils, _rebuild_sparse_tensor"
  })
  void namesOutsideTheListAreRefused(String module, String name) throws IOException {
    String says = "'" + module + "." + name + "'";
    assertRefused(zip(directory, start().global(module, name).op("."), SIX), says);
    assertRefused(zip(directory, start().text(module).text(name).op("\u0093."), SIX), says);
  }

  static List<Pickle> malformed() {
    return List.of(
        start(),
        start().op("."),
        start().op("N."),
        start().op("K\u0001."),
        start().op("]."),
        start().tensor(6, 0, of(6), of(1)).op("."),
        start().proto(6).op("}."),
        start().op("(."),
        start().op("t."),
        start().op("0."),
        start().op("1."),
        start().op("2."),
        start().op("((((1111111."),
        start().op("h\u0007."),
        start().op("q\u0007."),
        start().op("\u0094."),
        start().op("}h\u0000."),
        start().op("]2a2e."), // a list in itself, then no mark
        start().op("]q\u00002a."),
        start().op("}q\u0000h\u0000h\u0000s."), // a dict as a key of itself
        start().op(")q\u0000}h\u0000h\u0000s."),
        start().op("}K\u0001s."),
        start().op("}(K\u0001u."),
        start().op(")K\u0001a."),
        start().op("K\u0001K\u0001a."),
        start().op("]]s."),
        start().op("NNs."),
        start().op("i__main__\nNet\n."),
        start().op("(i__main__\nNet\n."),
        start().op("(co\nsystem\no."),
        start().op("\u0082\u0001."),
        start().op("\u0083\u0001\u0001."),
        start().op("\u0084\u0001\u0001\u0001\u0001."),
        start().op("\u0097."),
        start().op("\u0098."),
        start().op("Psome id\n."),
        start().op("NQ."),
        start().op(")Q."),
        start().text("storage").op("Q."),
        start().op("(").text("storage").op("tQ."),
        start().op("(").text("storage").op("NNNNtQ."),
        start().op("(").text("module").global("torch", "Tensor").op("tQ."),
        start().op("(").text("storage").global("torch", "Tensor").text("0").op("NK\u0001tQ."),
        start().op("(").text("storage").global("torch", "float32").text("0").op("NK\u0001tQ."),
        start().storage("FloatStorage", "0", -1).op("."),
        start().storage("FloatStorage", "0", Long.MAX_VALUE).op("."),
        start().storage("FloatStorage", "0", 6).storage("FloatStorage", "0", 5).op("0."),
        start().storage("FloatStorage", "0", 6).storage("IntStorage", "0", 6).op("0."),
        start().op(")NR."),
        start().op("N)R."),
        start().global("torch", "Size").op("NR."),
        start().global("torch", "Size").op(")R."),
        start().global("torch", "Size").op("(NtR."),
        start().global("torch", "FloatStorage").op(")R."),
        start().global("torch", "float32").op(")R."),
        start().global("torch", "Tensor").op(")R."),
        start().global("torch", "Tensor").op(")\u0081."),
        start().global("torch", "Tensor").op("}b."),
        start().global("torch", "Tensor").op(")}\u0092."),
        start().global("collections", "OrderedDict").op("NtR."),
        start().global("collections", "OrderedDict").op("(]tR."),
        start().global("torch._utils", "_rebuild_tensor_v2").op(")R."),
        start().global("torch._utils", "_rebuild_tensor_v2").op("(NNNNNNtR."),
        start().global("torch._utils", "_rebuild_parameter").op("(NNNtR."),
        start().global("torch._tensor", "_rebuild_from_type_v2").op("(NNNNtR."),
        start()
            .global("torch._tensor", "_rebuild_from_type_v2")
            .op("q\u0000(h\u0000N(h\u0000N)NtNtR."),
        start().op("\u008a\u00ff" + "\u0001".repeat(255) + "."),
        start().op("\u008b\u00ff\u00ff\u00ff\u00ff."),
        start().op("\u008b\u00ff\u00ff\u00ff\u007f."),
        start().op("L" + "9".repeat(4000) + "\n."),
        start().op("I" + "9".repeat(1_000_000) + "\n."),
        start().op("Inan\n."),
        start().op("Fnan1\n."),
        start().op("Sx\n."),
        start().op("S'\n."),
        start().op("p-1\n."),
        start().op("gx\n."),
        start().op("X\u00ff\u00ff\u00ff\u00ffabc."),
        start().op("T\u00ff\u00ff\u00ff\u00ffabc."),
        start().op("B\u00ff\u00ff\u00ff\u00ffabc."),
        start().op("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffabc."),
        start().op("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007fabc."),
        start().op("\u0096\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007fabc."),
        start().op("X\u0002\u0000\u0000\u0000\u00ff\u00fe."),
        start().op("cos"),
        start().op("\u00ff."),
        start().text("os").op("N\u0093."),
        start().op("}").text("model").op("}").text("x").op("]sssssss."),
        start().op("}").op("N").tensor(6, 0, of(6), of(1)).op("s."),
        start().op("}K\u0001").tensor(6, 0, of(6), of(1)).op("s."),
        start().op("}").text("w").tensor(6, 0, of(6), of(1)).op("s").text("x").op("}s."),
        // shapes, strides and offsets that the storage cannot satisfy
        Pickle.stateDict(6, 0, of(7), of(1)),
        Pickle.stateDict(6, 1, of(6), of(1)),
        Pickle.stateDict(6, -1, of(2), of(1)),
        Pickle.stateDict(6, 5, of(6), of(-1)),
        Pickle.stateDict(6, 0, of(-6), of(1)),
        Pickle.stateDict(6, 0, of(-2, -3), of(3, 1)),
        Pickle.stateDict(6, 0, of(6), of()),
        Pickle.stateDict(6, 0, of(), of(1)),
        Pickle.stateDict(6, 0, of(2, 3), of(4, 1)),
        Pickle.stateDict(6, Long.MAX_VALUE, of(2), of(Long.MAX_VALUE)),
        Pickle.stateDict(6, 0, of(Long.MAX_VALUE), of(1)),
        Pickle.stateDict(6, 0, of(1L << 32, 1L << 32), of(0, 0)),
        Pickle.stateDict(6, 0, of(0, 1L << 40), of(0, 0)),
        Pickle.stateDict(6, 0, new long[65], new long[65]),
        Pickle.stateDict(5, 0, of(5), of(1)), // the storage is longer than declared
        Pickle.stateDict(7, 0, of(5), of(1)), // and shorter
        Pickle.stateDict(Long.MAX_VALUE / 4, 0, of(5), of(1)));
  }

  @ParameterizedTest
  @MethodSource
  void malformed(Pickle pickle) throws IOException {
    assertRefused(zip(directory, pickle, SIX));
  }

  @ParameterizedTest
  @ValueSource(strings = {"}", "(", "]\u0094", "}NNs", "2"})
  void endlessPicklesEnd(String ops) throws IOException {
    assertRefused(zip(directory, start().op("N").op(ops.repeat(3_000_000)).op("."), SIX), "steps");
  }

  @Test
  void anEmptyStateDictIsEmpty() throws IOException {
    assertEquals(List.of(), Weights.load(zip(directory, start().op("}."), SIX)).names());
  }

  @Test
  void deepNestingIsNoProblemForTheMachine() throws IOException {
    // [[[[…]]]] a hundred thousand deep, beside a good tensor; tuples likewise
    Pickle pickle =
        start()
            .op("}(")
            .text("deep_extra_state")
            .op("]".repeat(100_000) + "a".repeat(99_999))
            .text("deeper_extra_state")
            .op(")" + "\u0085".repeat(100_000))
            .text("w")
            .tensor(6, 0, of(1), of(1))
            .op("u.");
    assertEquals(List.of("w"), Weights.load(zip(directory, pickle, SIX)).names());
  }

  @Test
  void manyViewsOfOneStorageAreBounded() throws IOException {
    byte[] megabytes = new byte[4 << 20];
    Pickle pickle = start().op("}(");
    for (int i = 0; i < 40; i++) {
      pickle.text("w" + i).tensor(1 << 20, 0, of(1 << 20, 1), of(1, i + 1000));
    }
    assertRefusedToLoad(zip(directory, pickle.op("u."), megabytes), "views of the same data");
    Pickle expanded = Pickle.stateDict(6, 0, of(1L << 30), of(0)); // 4 GiB out of one float
    assertRefusedToLoad(zip(directory, expanded, SIX), "views of the same data");
  }

  private static void assertRefusedToLoad(Path file, String says) {
    WeightsException e =
        org.junit.jupiter.api.Assertions.assertThrows(
            WeightsException.class, () -> Weights.load(file));
    org.junit.jupiter.api.Assertions.assertTrue(String.valueOf(e.getMessage()).contains(says));
  }
}
