package org.lamina.agent.seccomp;

import static org.lamina.agent.seccomp.BpfInstruction.and;
import static org.lamina.agent.seccomp.BpfInstruction.give;
import static org.lamina.agent.seccomp.BpfInstruction.ifAtLeast;
import static org.lamina.agent.seccomp.BpfInstruction.ifEqual;
import static org.lamina.agent.seccomp.BpfInstruction.jump;
import static org.lamina.agent.seccomp.BpfInstruction.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * A seccomp filter in classic BPF. It serves every ABI in {@link Abi}, so that one program fits any
 * host; a call by any other ABI ends the process.
 *
 * @param instructions at most 4096
 */
public record SeccompProgram(List<BpfInstruction> instructions) {
  static final int ALLOW = 0x7FFF_0000;
  static final int ERRNO = 0x0005_0000;
  static final int KILL_PROCESS = 0x8000_0000;

  private static final int NR = 0;
  private static final int ARCH = 4;
  private static final int ARGS = 16;
  private static final int X32 = 0x4000_0000;
  private static final int SKIPPED_BY_TRACER = -1;
  private static final int LINEAR = 3;

  /** The filter of a container. */
  public static final SeccompProgram CONTAINER = build(SeccompPolicy.denials());

  public SeccompProgram {
    instructions = List.copyOf(instructions);
    if (instructions.size() > 4096) {
      throw new IllegalArgumentException("the kernel takes 4096 instructions");
    }
  }

  static SeccompProgram build(List<Denial> denials) {
    List<BpfInstruction> out = new ArrayList<>();
    out.add(load(ARCH));
    for (Abi abi : Abi.values()) {
      List<BpfInstruction> block = abi(abi, denials);
      out.add(ifEqual(abi.audit(), 1, 0));
      out.add(jump(block.size()));
      out.addAll(block);
    }
    out.add(give(KILL_PROCESS));
    return new SeccompProgram(out);
  }

  // Every block below ends each of its paths by a return, so that blocks just follow one another.

  private static List<BpfInstruction> abi(Abi abi, List<Denial> denials) {
    List<BpfInstruction> out = new ArrayList<>();
    out.add(load(NR));
    if (abi == Abi.X86_64) {
      // The x32 convention shares the architecture value and would pass every number by. A tracer
      // that skips a call sets number -1 and its own result, which must stand.
      out.add(ifAtLeast(X32, 0, 3));
      out.add(ifEqual(SKIPPED_BY_TRACER, 0, 1));
      out.add(give(ALLOW));
      out.add(give(ERRNO | Denial.ENOSYS));
    }
    Map<Integer, List<Denial>> byNumber = new TreeMap<>(Integer::compareUnsigned);
    for (Denial denial : denials) {
      OptionalInt number = abi.number(denial.syscall());
      if (number.isPresent()) {
        byNumber.computeIfAbsent(number.getAsInt(), n -> new ArrayList<>()).add(denial);
      }
    }
    out.addAll(search(List.copyOf(byNumber.entrySet())));
    return out;
  }

  /** Binary search, as kernels without a cache of verdicts run this at every call. */
  private static List<BpfInstruction> search(List<Map.Entry<Integer, List<Denial>>> sorted) {
    List<BpfInstruction> out = new ArrayList<>();
    if (sorted.size() <= LINEAR) {
      for (Map.Entry<Integer, List<Denial>> entry : sorted) {
        List<BpfInstruction> verdict = verdict(entry.getValue());
        out.add(ifEqual(entry.getKey(), 0, verdict.size()));
        out.addAll(verdict);
      }
      out.add(give(ALLOW));
      return out;
    }
    int middle = sorted.size() / 2;
    List<BpfInstruction> below = search(sorted.subList(0, middle));
    out.add(ifAtLeast(sorted.get(middle).getKey(), 0, 1));
    out.add(jump(below.size()));
    out.addAll(below);
    out.addAll(search(sorted.subList(middle, sorted.size())));
    return out;
  }

  private static List<BpfInstruction> verdict(List<Denial> denials) {
    List<BpfInstruction> out = new ArrayList<>();
    for (Denial denial : denials) {
      List<BpfInstruction> rest = List.of(give(ERRNO | denial.errno()));
      // Built from the end, because each test jumps over all that follows it.
      for (ArgTest test : denial.tests().reversed()) {
        rest = test(test, rest);
      }
      out.addAll(rest);
      if (denial.tests().isEmpty()) {
        return out;
      }
    }
    out.add(give(ALLOW));
    return out;
  }

  private static List<BpfInstruction> test(ArgTest test, List<BpfInstruction> then) {
    // All ABIs served are little-endian: the low half comes first.
    int low = ARGS + 8 * test.index();
    List<BpfInstruction> out = half(low, (int) test.mask(), (int) test.value(), then);
    return test.wide()
        ? half(low + 4, (int) (test.mask() >>> 32), (int) (test.value() >>> 32), out)
        : out;
  }

  private static List<BpfInstruction> half(
      int offset, int mask, int value, List<BpfInstruction> then) {
    List<BpfInstruction> out = new ArrayList<>();
    out.add(load(offset));
    if (mask != -1) {
      out.add(and(mask));
    }
    out.add(ifEqual(value, 0, then.size()));
    out.addAll(then);
    return out;
  }

  /** The program as an array of the kernel's {@code struct sock_filter}, in native byte order. */
  public byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(8 * instructions.size()).order(ByteOrder.nativeOrder());
    for (BpfInstruction instruction : instructions) {
      out.putShort((short) instruction.code());
      out.put((byte) instruction.jt());
      out.put((byte) instruction.jf());
      out.putInt(instruction.k());
    }
    return out.array();
  }
}
