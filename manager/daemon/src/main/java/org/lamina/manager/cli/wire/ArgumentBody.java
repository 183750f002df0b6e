package org.lamina.manager.cli.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** The request body: arguments in UTF-8, each ended by a NUL byte. */
public final class ArgumentBody {
  /** Bytes; twice what Linux lets one process have as arguments by default. */
  public static final int LONGEST = 4 << 20;

  private ArgumentBody() {}

  /**
   * @throws LaminaException USAGE if an argument is not UTF-8 or the last one is not ended
   */
  public static List<String> read(byte[] body) {
    List<String> args = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < body.length; i++) {
      if (body[i] == 0) {
        args.add(text(body, start, i - start, args.size() + 1));
        start = i + 1;
      }
    }
    if (start != body.length) {
      throw new LaminaException(ExitCode.USAGE, "the request's last argument is not ended");
    }
    return List.copyOf(args);
  }

  private static String text(byte[] body, int start, int length, int position) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(body, start, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new LaminaException(
          ExitCode.USAGE,
          "argument " + position + " is not valid UTF-8",
          "To pass other bytes to a command inside, write a script and use exec CTID - < SCRIPT.",
          e);
    }
  }
}
