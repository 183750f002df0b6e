package org.lamina.console.shell;

import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Hands {@link Completion}'s offers to the line editor. */
public final class ConsoleCompleter implements Completer {
  private final Completion completion;

  public ConsoleCompleter(Completion completion) {
    this.completion = completion;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    List<String> before = line.words().subList(0, line.wordIndex());
    String current = line.word().substring(0, line.wordCursor());
    for (Completion.Offer offer : completion.after(before, current)) {
      String meaning = offer.meaning().isEmpty() ? null : offer.meaning();
      String group = offer.group().isEmpty() ? null : offer.group();
      candidates.add(
          new Candidate(offer.word(), offer.word(), group, meaning, null, null, offer.complete()));
    }
  }
}
