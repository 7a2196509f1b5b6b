package dev.feedlight.device;

/**
 * What the last bits of results depend on, besides seed and build. Two devices of equal identity
 * give the same bits.
 *
 * @param device short name as on the command line
 * @param model of the processor or GPU
 * @param instructionSet that products and loops use
 * @param threads that share the work; 1 for devices that are not processors
 * @param precision what operands of dense products are rounded to
 * @param libraries names and versions of what computes besides Feedlight; empty if nothing does
 */
public record DeviceIdentity(
    String device,
    String model,
    String instructionSet,
    int threads,
    Precision precision,
    String libraries) {}
