package dev.feedlight.device.cuda;

import dev.feedlight.device.TrainingOperation;
import dev.feedlight.device.TrainingOperation.GradientNorm;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** What is done with kept gradients: the norm of all together, a step with one. */
final class GradientKernels {
  private static final int THREADS = 256;

  private final CudaContext context;

  GradientKernels(CudaContext context) {
    this.context = context;
  }

  Runnable norm(TrainingOperation.GradientNorm op) {
    List<GradientNorm.Part> parts = op.parts();
    List<Long> ends = new ArrayList<>();
    long end = 0;
    for (GradientNorm.Part part : parts) {
      end += SmallKernels.parts(part.gradient().shape().elements());
      ends.add(end);
    }
    long sums = context.scratch(Double.BYTES * end);
    Runnable[] launches = new Runnable[parts.size() + 1];
    long begin = 0;
    for (int i = 0; i < parts.size(); i++) {
      launches[i] = squares(op, parts.get(i), sums + Double.BYTES * begin, ends.get(i) - begin);
      begin = ends.get(i);
    }
    List<Integer> blocks = parts.stream().map(GradientNorm.Part::block).toList();
    launches[parts.size()] =
        new Launch("training", "fl_gradient_norm", Extent.of(1), Extent.of(THREADS))
            .bind(
                context,
                new Arguments()
                    .tensor(op.norm())
                    .tensor(op.factor())
                    .control(op.control())
                    .pointer(sums)
                    .pointer(context.byteTable("ends of sums " + ends, () -> longs(ends)))
                    .pointer(context.byteTable("numbers of blocks " + blocks, () -> ints(blocks)))
                    .f32(op.scale())
                    .f32(op.limit())
                    .s64(parts.size()),
                op);
    return Launch.sequence(launches);
  }

  /** A step with a kept gradient. */
  Runnable apply(TrainingOperation.ApplyGradient op) {
    long n = op.gradient().shape().elements();
    Arguments arguments =
        GradientUpdate.parameter(new Arguments(), op.parameter())
            .tensor(op.gradient())
            .tensor(op.factor())
            .control(op.control());
    GradientRule.step(op.optimizer(), op.parameter()).appendTo(arguments).s64(n);
    return new Launch(
            "training", "fl_apply_gradient", SmallKernels.striding(n, THREADS), Extent.of(THREADS))
        .bind(context, arguments, op);
  }

  private Runnable squares(
      TrainingOperation.GradientNorm op, GradientNorm.Part part, long sums, long count) {
    return new Launch("training", "fl_gradient_norm_parts", Extent.of(count), Extent.of(THREADS))
        .bind(
            context,
            new Arguments()
                .pointer(sums)
                .tensor(part.gradient())
                .s64(part.gradient().shape().elements()),
            op);
  }

  private static byte[] longs(List<Long> values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES * values.size()).order(ByteOrder.LITTLE_ENDIAN);
    values.forEach(bytes::putLong);
    return bytes.array();
  }

  private static byte[] ints(List<Integer> values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Integer.BYTES * values.size()).order(ByteOrder.LITTLE_ENDIAN);
    values.forEach(bytes::putInt);
    return bytes.array();
  }
}
