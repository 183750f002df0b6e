package org.lamina.manager.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ConfFile;
import org.lamina.schema.ExitCode;
import org.lamina.schema.FileWord;
import org.lamina.schema.LaminaException;

/** The sample configurations, {@code ve-NAME.conf-sample}. */
final class Samples {
  private Samples() {}

  /**
   * @param name as typed; null gives an empty sample
   * @throws LaminaException SAMPLE_MISSING, BAD_CONFIG
   */
  static VeConf.Sample read(HostConfig config, @Nullable String name) {
    if (name == null) {
      return VeConf.Sample.NONE;
    }
    Path file = config.sample(FileWord.check(name, "sample", ExitCode.SAMPLE_MISSING));
    if (!Files.isRegularFile(file)) {
      throw new LaminaException(
          ExitCode.SAMPLE_MISSING, "the sample configuration " + file + " is missing");
    }
    try {
      return VeConf.sample(ConfFile.read(file), file.toString());
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.SAMPLE_MISSING, "cannot read " + file + ": " + e.getMessage(), null, e);
    }
  }
}
