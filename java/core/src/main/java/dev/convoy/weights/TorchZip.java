package dev.convoy.weights;

import static dev.convoy.weights.FormatException.quote;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch's container since 1.6: a zip with stored (never compressed) entries {@code
 * NAME/data.pkl}, {@code NAME/data/KEY} per storage, {@code NAME/version} and since 2.1 {@code
 * NAME/byteorder}.
 */
final class TorchZip {
  private static final int MAX_ENTRIES = 200_000;
  private static final int MAX_VERSION = 10; // PyTorch's kMaxSupportedFileFormatVersion

  private final ZipFile zip;
  private final long fileBytes;
  private final Map<String, ZipEntry> entries;
  private final String root;

  private TorchZip(ZipFile zip, long fileBytes) throws FormatException {
    this.zip = zip;
    this.fileBytes = fileBytes;
    this.entries = entries(zip);
    this.root = root(entries);
  }

  static Checkpoint read(ZipFile zip, long fileBytes) throws IOException {
    TorchZip container = new TorchZip(zip, fileBytes);
    if (container.entries.containsKey(container.root + "constants.pkl")) {
      throw new FormatException(
          "it is a TorchScript program, not weights",
          "save only its weights in Python: torch.save(torch.jit.load(…).state_dict(), …)");
    }
    container.checkVersion();
    ByteOrder order = container.byteOrder();
    StateDict state = container.stateDict();
    return new Checkpoint(
        WeightFile.Format.PYTORCH_ZIP,
        TorchTensors.locate(state, container::find, order),
        Map.of(),
        state.wrapper(),
        fileBytes);
  }

  private static Map<String, ZipEntry> entries(ZipFile zip) throws FormatException {
    if (zip.size() > MAX_ENTRIES) {
      throw FormatException.damaged("the zip has " + zip.size() + " entries");
    }
    Map<String, ZipEntry> entries = new HashMap<>();
    for (Iterator<? extends ZipEntry> all = zip.entries().asIterator(); all.hasNext(); ) {
      ZipEntry entry = all.next();
      if (entries.put(entry.getName(), entry) != null) {
        throw FormatException.damaged("the zip has two entries " + quote(entry.getName()));
      }
    }
    return entries;
  }

  /** {@code NAME/}; PyTorch takes any name. */
  private static String root(Map<String, ZipEntry> entries) throws FormatException {
    List<String> roots =
        entries.keySet().stream()
            .filter(name -> name.equals("data.pkl") || name.endsWith("/data.pkl"))
            .map(name -> name.substring(0, name.length() - "data.pkl".length()))
            .filter(name -> name.indexOf('/') == name.length() - 1)
            .toList();
    if (roots.size() != 1) {
      throw new FormatException(
          "it is a zip with "
              + roots.size()
              + " entries NAME/data.pkl, a PyTorch file has exactly one",
          "give a file that torch.save wrote");
    }
    return roots.get(0);
  }

  private void checkVersion() throws IOException {
    String text = smallText("version");
    if (text != null && !text.matches("[1-9]|" + MAX_VERSION)) {
      throw new FormatException(
          "its version is " + quote(text) + ", known are 1 to " + MAX_VERSION,
          "save it again with a PyTorch of today");
    }
  }

  private ByteOrder byteOrder() throws IOException {
    String text = smallText("byteorder");
    if (text == null || text.equals("little")) {
      return ByteOrder.LITTLE_ENDIAN; // older files have no such entry
    }
    if (text.equals("big")) {
      return ByteOrder.BIG_ENDIAN;
    }
    throw FormatException.damaged("its byteorder is " + quote(text) + ", not little or big");
  }

  private @Nullable String smallText(String name) throws IOException {
    ZipEntry entry = entries.get(root + name);
    if (entry == null) {
      return null;
    }
    checkStored(entry);
    try (InputStream in = new EntryBytes(zip, entry).open(0)) {
      return new String(in.readNBytes(64), StandardCharsets.UTF_8).strip();
    }
  }

  private StateDict stateDict() throws IOException {
    ZipEntry entry = entries.get(root + "data.pkl");
    if (entry == null) {
      throw FormatException.damaged("the zip has no " + root + "data.pkl");
    }
    checkStored(entry);
    try (InputStream in = new EntryBytes(zip, entry).open(0)) {
      return StateDict.find(
          new Unpickler(new PickleInput(in, entry.getSize()), new TorchGlobals()).load());
    }
  }

  private @Nullable ByteRange find(Pickled.Storage storage) throws FormatException {
    ZipEntry entry = entries.get(root + "data/" + storage.key());
    if (entry == null) {
      return null;
    }
    checkStored(entry);
    if (entry.getSize() != storage.bytes()) {
      throw FormatException.damaged(
          "storage "
              + quote(storage.key())
              + " holds "
              + entry.getSize()
              + " bytes, "
              + storage.bytes()
              + " were announced");
    }
    return new EntryBytes(zip, entry);
  }

  /** Compressed entries could hold any number of bytes in a few; PyTorch never writes them. */
  private void checkStored(ZipEntry entry) throws FormatException {
    if (entry.getMethod() != ZipEntry.STORED) {
      throw new FormatException(
          "its entry " + quote(entry.getName()) + " is compressed",
          "PyTorch stores entries as they are: give the file that torch.save wrote");
    }
    if (entry.getSize() != entry.getCompressedSize()
        || entry.getSize() < 0
        || entry.getSize() > fileBytes) {
      throw FormatException.damaged(
          "its entry "
              + quote(entry.getName())
              + " is said to hold "
              + entry.getSize()
              + " bytes, "
              + entry.getCompressedSize()
              + " stored, in a file of "
              + fileBytes);
    }
  }

  /** The bytes of a stored entry. */
  private record EntryBytes(ZipFile zip, ZipEntry entry) implements ByteRange {
    @Override
    public long length() {
      return entry.getSize();
    }

    @Override
    public InputStream open(long from) throws IOException {
      InputStream in = zip.getInputStream(entry);
      if (in == null) {
        throw FormatException.damaged("the zip has lost its entry " + quote(entry.getName()));
      }
      in.skipNBytes(from);
      return in;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof EntryBytes that && entry.getName().equals(that.entry.getName());
    }

    @Override
    public int hashCode() {
      return entry.getName().hashCode();
    }
  }
}
