package dev.feedlight;

/**
 * Where a call of {@link DfaEngine#train} stands.
 *
 * @param epochs of the whole call
 * @param epochsDone whole epochs
 * @param stepsDone steps, those of the epoch under way included
 * @param steps of the whole call
 */
public record RunPosition(int epochs, int epochsDone, long stepsDone, long steps) {}
