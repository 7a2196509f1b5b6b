package dev.feedlight.device.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.Supplier;

/** Variables of this process as native libraries see them; those of Java stay as they were. */
final class NativeEnvironment {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle SET =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("setenv"),
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT));
  private static final MethodHandle UNSET =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("unsetenv"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

  private NativeEnvironment() {}

  /** Gives a variable a value for good. */
  static void set(String name, String value) {
    try (Arena arena = Arena.ofConfined()) {
      int _ = (int) SET.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("C functions throw nothing", e);
    }
  }

  /** Runs something while a variable has a value. */
  static <T> T with(String name, String value, Supplier<T> body) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment nativeName = arena.allocateFrom(name);
      int _ = (int) SET.invokeExact(nativeName, arena.allocateFrom(value), 1);
      try {
        return body.get();
      } finally {
        int _ = (int) UNSET.invokeExact(nativeName);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("C functions throw nothing", e);
    }
  }
}
