package org.lamina.agent.sys.jna;

import org.lamina.agent.sys.Kernel;

/** The one real kernel. */
public final class JnaKernel {
  public static final Kernel INSTANCE =
      new Kernel(
          new JnaFileCalls(),
          new JnaMountCalls(),
          new JnaProcessCalls(),
          new JnaSocketCalls(),
          new JnaTerminalCalls(),
          new JnaBpfCalls(),
          new JnaDiskCalls());

  private JnaKernel() {}
}
