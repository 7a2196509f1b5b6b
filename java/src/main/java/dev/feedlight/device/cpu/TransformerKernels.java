package dev.feedlight.device.cpu;

import dev.feedlight.device.TransformerOperation;

/** Binds the operations of a Transformer. */
final class TransformerKernels {
  private final NormalizationKernels normalization;
  private final AttentionKernels attention;
  private final EmbeddingKernels embedding;

  TransformerKernels(CpuContext context) {
    this.normalization = new NormalizationKernels(context);
    this.attention = new AttentionKernels(context);
    this.embedding = new EmbeddingKernels(context);
  }

  Runnable prepare(TransformerOperation operation) {
    return switch (operation) {
      case TransformerOperation.LayerNormForward op -> normalization.forward(op);
      case TransformerOperation.LayerNormBackward op -> normalization.backward(op);
      case TransformerOperation.LayerNormUpdate op -> normalization.update(op);
      case TransformerOperation.AttentionForward op -> attention.forward(op);
      case TransformerOperation.AttentionDecode op -> attention.decode(op);
      case TransformerOperation.AttentionBackward op -> attention.backward(op);
      case TransformerOperation.EmbeddingForward op -> embedding.forward(op);
      case TransformerOperation.EmbeddingUpdate op -> embedding.update(op);
      case TransformerOperation.ResidualAdd op -> embedding.add(op);
    };
  }
}
