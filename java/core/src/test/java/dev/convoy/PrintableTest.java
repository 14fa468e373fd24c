package dev.convoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void noControlCharacterIsLeft() {
    assertEquals("a?[31mb?31mc??", Printable.of("a\u001b[31mb\u009b31mc\n\u007f"));
  }

  @Test
  void lettersOfAllLanguagesStay() {
    String text = "Löwenzahn, タンポポ, 🌼";
    assertEquals(text, Printable.of(text));
  }

  @Test
  void linesStayLines() {
    assertEquals("one\n  two?[2J", Printable.lines("one\n  two\u001b[2J"));
  }
}
