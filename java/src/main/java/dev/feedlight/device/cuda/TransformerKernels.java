package dev.feedlight.device.cuda;

import dev.feedlight.device.StepControl;
import dev.feedlight.device.TransformerOperation;

/** Binds the operations of a Transformer. */
final class TransformerKernels {
  private final NormalizationKernels normalization;
  private final AttentionKernels attention;
  private final EmbeddingKernels embedding;

  TransformerKernels(CudaContext context) {
    this.normalization = new NormalizationKernels(context);
    this.attention = new AttentionKernels(context);
    this.embedding = new EmbeddingKernels(context);
  }

  /** Why an operation cannot be bound, or null. */
  String refusal(TransformerOperation operation) {
    return switch (operation) {
      case TransformerOperation.AttentionForward op -> attention.refusal(op);
      case TransformerOperation.AttentionDecode op -> attention.refusal(op);
      case TransformerOperation.AttentionBackward op -> attention.refusal(op);
      default -> null;
    };
  }

  /** A token out of range sets the failure of the control, if there is one. */
  Runnable embed(TransformerOperation.EmbeddingForward operation, StepControl control) {
    return embedding.forward(operation, control);
  }

  Runnable prepare(TransformerOperation operation) {
    return switch (operation) {
      case TransformerOperation.LayerNormForward op -> normalization.forward(op);
      case TransformerOperation.LayerNormBackward op -> normalization.backward(op);
      case TransformerOperation.LayerNormUpdate op -> normalization.update(op);
      case TransformerOperation.AttentionForward op -> attention.forward(op);
      case TransformerOperation.AttentionDecode op -> attention.decode(op);
      case TransformerOperation.AttentionBackward op -> attention.backward(op);
      case TransformerOperation.EmbeddingForward op -> embed(op, null);
      case TransformerOperation.EmbeddingUpdate op -> embedding.update(op);
      case TransformerOperation.ResidualAdd op -> normalization.add(op);
    };
  }
}
